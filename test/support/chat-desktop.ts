/** The `desktop` driver on a screen of its own, with a page like ChatGPT's, for tests. */
import { join } from 'node:path';
import {
  createDesktopDriver,
  type DesktopSettings,
  type Timings,
} from '../../src/adapters/chat/desktop/driver.ts';
import { frameOf } from '../../src/adapters/chat/desktop/framing.ts';
import type { ChatDriver, ChatPhase, ChatReply, ChatRequest } from '../../src/ports.ts';
import { machineClock } from './chat-clock.ts';
import { promptsBefore, startChatPage, type ChatPage, type ChatPageOptions } from './chat-page.ts';
import { startDesktop, type Desktop } from './desktop.ts';
import { recordingLog } from './recording-log.ts';
import { makeTempFolder } from './temp-folder.ts';
import { LENIENT } from './lenient-journal.ts';

/** Short where only the page of the tests is waited for; what the keyboard needs is as it is. */
export const TEST_TIMINGS: Partial<Timings> = {
  settleMs: 40,
  copyMs: 300,
  pollMs: 60,
  pageLoadMs: 6_000,
  sendMs: 1_500,
  addressMs: 6_000,
  searchMs: 700,
  restMs: 350,
  lookMs: 3_000,
  diagnoseMs: 2_000,
  stuckMs: 5_000,
  incompleteMs: 4_000,
  quietMs: 700,
};

/** What a model does that follows the instruction: the prompt itself between the two lines. */
export function obedientEcho(prompt: string): string {
  const { begin, end, text } = askedIn(prompt);
  return `${begin}\n${text}\n${end}`;
}

export interface Asked {
  readonly begin: string;
  readonly end: string;
  /** The prompt without what the driver added. */
  readonly text: string;
}

export function askedIn(prompt: string): Asked {
  const token = /\b(pl[0-9a-f]{12})-begin\b/.exec(prompt)?.[1] ?? '';
  const [text = ''] = prompt.split('\n\nA program copies your reply.', 1);
  return { begin: `${token}-begin`, end: `${token}-end`, text };
}

/** How the text of a request reads once an editor has taken it. */
export function asTyped({ text }: ChatRequest): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

export interface DesktopRig {
  readonly page: ChatPage;
  readonly desktop: Desktop;
  readonly driver: ChatDriver;
  readonly home: string;
  readonly log: ReturnType<typeof recordingLog>;
  /** Another driver on the same screen. */
  another(settings?: Partial<DesktopSettings>): ChatDriver;
  /** How often the page took this prompt. */
  sends(request: ChatRequest): number;
  /** What the page had taken before it in the same conversation. */
  before(request: ChatRequest): readonly string[];
  stop(): Promise<void>;
}

export async function startDesktopRig(
  options: Partial<ChatPageOptions> = {},
  settings: Partial<DesktopSettings> = {},
): Promise<DesktopRig> {
  const page = await startChatPage({ generation: 'g2', answers: obedientEcho, ...options });
  const desktop = await startDesktop(page.url);
  const folder = await makeTempFolder();
  const log = recordingLog();
  const home = join(folder.path, 'home');
  const create = (own: Partial<DesktopSettings> = {}): ChatDriver =>
    createDesktopDriver({
      chatUrl: page.url,
      home,
      windowTitle: null,
      timeoutMs: 45_000,
      timeZone: 'Europe/Bratislava',
      clock: machineClock,
      log,
      timings: TEST_TIMINGS,
      environment: desktop.environment,
      ...settings,
      ...own,
    });
  const drivers = [create()];
  const [driver] = drivers;
  if (driver === undefined) throw new Error('no driver');
  return {
    page,
    desktop,
    driver,
    home,
    log,
    another(own) {
      const made = create(own);
      drivers.push(made);
      return made;
    },
    sends: ({ requestId }) =>
      page.sends().filter(({ text }) => text.includes(frameOf(requestId).token)).length,
    before: ({ requestId }) =>
      promptsBefore(page.sends(), (text) => text.includes(frameOf(requestId).token)).map(
        (text) => askedIn(text).text,
      ),
    async stop() {
      await Promise.all(drivers.map((one) => one.close()));
      await desktop.stop();
      await page.stop();
      await folder.remove();
    },
  };
}

export interface Asking {
  readonly request: ChatRequest;
  readonly reply: Promise<ChatReply>;
  /** Resolves when the driver has come to this phase. */
  reached(phase: ChatPhase): Promise<void>;
}

/** One prompt on its way, with a test that can wait for how far it has come. */
export function startAsking(driver: ChatDriver, request: ChatRequest): Asking {
  const phases = new Map<ChatPhase, PromiseWithResolvers<void>>();
  const at = (phase: ChatPhase): PromiseWithResolvers<void> => {
    const known = phases.get(phase) ?? Promise.withResolvers<void>();
    phases.set(phase, known);
    return known;
  };
  const journal = {
    ...LENIENT,
    sent: () => Promise.resolve(),
    phase: (phase: ChatPhase) => at(phase).resolve(),
  };
  const reply = driver.ask(request, journal, new AbortController().signal);
  // The test looks at it later, and may want to see it fail.
  reply.catch(() => undefined);
  return { request, reply, reached: (phase) => at(phase).promise };
}

/** Pids of the helper processes that this process has started and that live. */
export async function helperPids(desktop: Desktop): Promise<number[]> {
  const listed = await desktop.run('ps', ['-eo', 'pid=,ppid=,args=']);
  return listed
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      const ours =
        Number(parent) === process.pid && args?.includes('chat/desktop/helper.') === true;
      return ours ? [Number(pid)] : [];
    });
}
