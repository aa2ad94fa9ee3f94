/**
 * Many prompts with faults mixed in at random. `npm test` takes a few; `npm run test:chat` 200 on each
 * generation by `browser` and 50 by `desktop`. SOAK_SEED repeats a run.
 */
import { writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { frameOf, framePrompt } from '../../src/adapters/chat/desktop/framing.ts';
import { PAGE_FAULTS, type PageFaultDetails } from '../fixtures/chat-page/faults.ts';
import { startBrowserRig } from '../support/chat-browser.ts';
import { askedIn, startDesktopRig } from '../support/chat-desktop.ts';
import { GENERATIONS } from '../support/chat-page.ts';
import { soak, type SoakReport } from '../support/chat-soak.ts';
import { describeWith } from '../support/describe-where.ts';
import { extent } from '../support/extent.ts';
import { CHROMIUM, DESKTOP } from '../support/system-packages.ts';

const SEED = Number(process.env['SOAK_SEED'] ?? 20_261_124);
const BROWSER_PROMPTS = extent(10, 200);
const DESKTOP_PROMPTS = extent(4, 50);
const MINUTES = 60_000;

/** The page itself says that this answer is whole: only who checks the answer can tell. */
const NOT_TO_BE_SEEN = ['cut_answer'];
/** An answer that goes on after its end mark does not do as the prompt says. */
const NOT_BY_DESKTOP = [...NOT_TO_BE_SEEN, 'interface_words'];

function faultsBut(left: readonly string[], devtools: string | null): PageFaultDetails[] {
  return PAGE_FAULTS.filter((name) => name !== 'none' && !left.includes(name)).map((name) =>
    name === 'tab_crash' && devtools !== null ? { name, devtools } : { name },
  );
}

/** A line for people, and for whoever gathers the figures. */
function report(name: string, seed: number, { wrong, met, ...counts }: SoakReport): void {
  const line = JSON.stringify({ name, seed, ...counts, wrong: wrong.length, met });
  process.stderr.write(`soak ${line}\n`);
  const file = process.env['SOAK_REPORT'];
  if (file !== undefined) writeFileSync(file, `${line}\n`, { flag: 'a' });
}

describeWith([CHROMIUM], 'the browser driver at a page full of faults', () => {
  it.each(GENERATIONS)(
    'gives each prompt of the page %s its own whole answer, and sends none in vain',
    async (generation) => {
      const chrome = await startBrowserRig();
      onTestFinished(() => chrome.stop());
      const rig = await chrome.open({ generation, answers: (prompt) => `# Answer\n\n${prompt}` });
      onTestFinished(() => rig.close());
      const told = await soak({
        ...rig,
        prompts: BROWSER_PROMPTS,
        seed: SEED,
        faults: faultsBut(NOT_TO_BE_SEEN, chrome.chromium.devtools),
        sentAs: ({ text }) => text,
        replyOf: (record) => record.answer,
      });
      report(`browser ${generation}`, SEED, told);
      expect(told.wrong).toEqual([]);
      expect(told.answers).toBe(BROWSER_PROMPTS);
    },
    90 * MINUTES,
  );
});

describeWith([CHROMIUM, DESKTOP], 'the desktop driver at a page full of faults', () => {
  it(
    'gives each prompt its own whole answer, and sends none in vain',
    async () => {
      const rig = await startDesktopRig({ generation: 'g3' });
      onTestFinished(() => rig.stop());
      const told = await soak({
        ...rig,
        prompts: DESKTOP_PROMPTS,
        seed: SEED,
        faults: faultsBut(NOT_BY_DESKTOP, null),
        sentAs: ({ requestId, text }) => framePrompt(text, frameOf(requestId)),
        replyOf: (record) => askedIn(record.text).text,
      });
      report('desktop', SEED, told);
      expect(told.wrong).toEqual([]);
      expect(told.answers).toBe(DESKTOP_PROMPTS);
    },
    90 * MINUTES,
  );
});
