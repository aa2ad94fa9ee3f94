/**
 * Prompts through the `desktop` driver in a real Chromium on a screen of its own, with faults of the page
 * mixed in at random: `node bench/chat-desktop.ts [--generation g3] [--prompts 50] [--seed 1] [--faults 0.4]`.
 * Prints one line a prompt to stderr and the result as JSON to stdout. Exits with 1 when a reply is not
 * exactly its own, or a prompt was taken more often than its attempts account for.
 */
import { parseArgs } from 'node:util';
import { ChatError } from '../src/core/errors.ts';
import { sha256Hex } from '../src/core/hash-chain.ts';
import type { ChatReply, ChatRequest } from '../src/ports.ts';
import { startDesktopRig, type DesktopRig } from '../test/support/chat-desktop.ts';
import type { PageFault } from '../test/support/chat-page.ts';

const { values } = parseArgs({
  options: {
    generation: { type: 'string', default: 'g3' },
    prompts: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '0.4' },
  },
});

/** Those that a prompt gets through, at once or with another attempt. */
const FAULTS: readonly PageFault[] = [
  'draft_left',
  'second_composer',
  'stale_tab',
  { name: 'attachment_chip', overChars: 2_000 },
  'send_ignored',
  { name: 'network_loss', when: 'before' },
  'throttle_modal',
  'plan_cap',
  'throttle_modal_after_send',
  'error_turn',
  'thinking_failed',
  'reload_midway',
  'tab_crash',
  'network_loss',
  'copy_partial',
  'copy_stale',
  'copy_empty',
  'copy_refused',
  'slow_copy',
  'user_copy_buttons',
  'virtualised_turns',
  'preamble_replaced',
  'shorter_replacement',
  'action_bar_flash',
  'long_pause',
  'rekeyed_turn',
  'no_action_bar',
];
const MOST_ATTEMPTS = 4;
const WORDS = 'čas práca plán krok cieľ ľudia otázka lekcia úloha týždeň skúška dôvod'.split(' ');

/** A small generator with a seed (mulberry32): the same run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function textOf(n: number, random: () => number): string {
  const count = Math.round(20 + random() ** 3 * 3_000);
  const words = Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]);
  const lines = Array.from({ length: Math.ceil(count / 40) }, (_, i) =>
    words.slice(i * 40, i * 40 + 40).join(' '),
  );
  return `Zadanie ${n}.\n\n${lines.join('\n\n')}`;
}

interface Row {
  readonly n: number;
  readonly chars: number;
  readonly fault: string | null;
  readonly exact: boolean;
  readonly complete: boolean;
  readonly attempts: number;
  readonly sends: number;
  readonly tookMs: number;
  /** From the answer's last word to the reply. */
  readonly overheadMs: number;
}

async function askPatiently(rig: DesktopRig, n: number, text: string) {
  const requests: ChatRequest[] = [];
  for (;;) {
    const requestId = `bench-${values.seed}-${n}-${requests.length + 1}`;
    const sha256 = sha256Hex(text);
    const asked = { requestId, step: 'stage2', n, text, sha256 } as const;
    const request: ChatRequest = { ...asked, spent: [], follows: null };
    requests.push(request);
    try {
      return { requests, ...(await askOnce(rig, request)) };
    } catch (error) {
      const over = !(error instanceof ChatError) || requests.length >= MOST_ATTEMPTS;
      if (over || error.code === 'permanent' || error.code === 'needs_operator') throw error;
    }
  }
}

async function askOnce(rig: DesktopRig, request: ChatRequest) {
  const beganMs = Date.now();
  let answeredMs = 0;
  const watching = setInterval(() => {
    const whole = rig.page.sends().some((one) => one.answered && one.text.includes(request.text));
    if (whole && answeredMs === 0) answeredMs = Date.now();
  }, 25);
  try {
    const journal = { sent: () => Promise.resolve(), phase: () => undefined };
    const reply: ChatReply = await rig.driver.ask(request, journal, new AbortController().signal);
    return { reply, tookMs: Date.now() - beganMs, overheadMs: Date.now() - answeredMs };
  } finally {
    clearInterval(watching);
  }
}

const median = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

const random = randomFrom(Number(values.seed));
const rig = await startDesktopRig(
  { generation: values.generation === 'g2' ? 'g2' : 'g3', delayMs: 400, chunkDelayMs: 10 },
  { timeoutMs: 120_000 },
);
const rows: Row[] = [];
try {
  for (let n = 1; n <= Number(values.prompts); n += 1) {
    const text = textOf(n, random);
    const meets = random() < Number(values.faults);
    const fault = FAULTS[Math.floor(random() * FAULTS.length)];
    if (meets && fault !== undefined) rig.page.fail([fault]);
    const { requests, reply, tookMs, overheadMs } = await askPatiently(rig, n, text);
    const name = typeof fault === 'string' ? fault : (fault?.name ?? null);
    const row = {
      n,
      chars: text.length,
      fault: meets ? name : null,
      exact: reply.text === text,
      complete: reply.complete,
      attempts: requests.length,
      sends: requests.reduce((sum, request) => sum + rig.sends(request), 0),
      tookMs,
      overheadMs,
    };
    rows.push(row);
    process.stderr.write(`${JSON.stringify(row)}\n`);
  }
} finally {
  await rig.stop();
}

const calm = rows.filter(({ fault }) => fault === null);
const wrong = rows.filter(({ exact, complete }) => !exact || !complete);
const doubled = rows.filter(({ sends, attempts }) => sends > attempts);
const result = {
  generation: values.generation,
  seed: Number(values.seed),
  prompts: rows.length,
  withFaults: rows.length - calm.length,
  wrong: wrong.length,
  sentTooOften: doubled.length,
  sends: rows.reduce((sum, { sends }) => sum + sends, 0),
  attempts: rows.reduce((sum, { attempts }) => sum + attempts, 0),
  medianOverheadMs: median(calm.map(({ overheadMs }) => overheadMs)),
  worstOverheadMs: Math.max(...calm.map(({ overheadMs }) => overheadMs)),
  medianTookMs: median(calm.map(({ tookMs }) => tookMs)),
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exitCode = wrong.length + doubled.length > 0 ? 1 : 0;
