import {
  GENERATIONS,
  promptsBefore,
  type PageFault,
  type PageGeneration,
} from '../support/chat-page.ts';
import { startBrowserRig } from '../support/chat-browser.ts';
import { CHROMIUM } from '../support/system-packages.ts';
import { describeWith } from '../support/describe-where.ts';
import { describeChatDriver, type ChatRig, type Trouble } from './chat-driver-suite.ts';

const FAULTS: Readonly<Partial<Record<Trouble, PageFault>>> = {
  'provider failed': 'error_turn',
  'connection lost before sending': { name: 'network_loss', when: 'before', forMs: 300 },
  'connection lost while answering': { name: 'network_loss', forMs: 300 },
  'answer broke off': 'thinking_failed',
  'provider fell silent': { name: 'long_pause', forMs: 60_000 },
  'answer cut at the limit': 'cut_answer',
  'too many requests': 'throttle_modal',
  'plan used up': { name: 'plan_cap', until: '11:59 PM' },
  'prompt too long': 'prompt_too_long',
};

/** The editor keeps lines, not line ends: a prompt's \r\n arrives as \n, as by a person's paste. */
function asKept(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function starter(generation: PageGeneration): () => Promise<ChatRig> {
  return async () => {
    const chrome = await startBrowserRig();
    let answer: string | null = null;
    const opened = await chrome.open(
      {
        generation,
        // An echo shows what came in and what goes out by the same text.
        answers(prompt) {
          const said = answer ?? prompt;
          answer = null;
          return said;
        },
      },
      { timeoutMs: 3_000 },
    );
    const { page, driver } = opened;
    return {
      driver: {
        ...driver,
        async ask(request, journal, signal) {
          try {
            return await driver.ask(request, journal, signal);
          } finally {
            // By then the operator has logged in again.
            page.setLoggedIn(true);
          }
        },
      },
      says: ({ text }) => asKept(text),
      sends: ({ text }) => page.sends().filter((sent) => sent.text === asKept(text)).length,
      before: (request) => promptsBefore(page.sends(), (sent) => sent === asKept(request.text)),
      trouble(trouble) {
        if (trouble === 'not logged in') return page.setLoggedIn(false);
        if (trouble === 'answer empty') answer = '';
        if (trouble === 'answer cut at the limit') answer = '```js\n'.padEnd(80, 'x') + '\n```';
        const fault = FAULTS[trouble];
        if (fault !== undefined) return page.fail([fault]);
        if (trouble !== 'answer empty') throw new Error(`the page cannot make: ${trouble}`);
      },
      hold: () => page.hold(),
      forget: () => page.forget(),
      async stop() {
        await opened.close();
        await chrome.stop();
      },
    };
  };
}

describeWith([CHROMIUM], 'ChatGPT page in a real Chromium', () => {
  for (const generation of GENERATIONS) {
    describeChatDriver(`browser, page ${generation}`, {
      start: starter(generation),
      cannotMeet: {
        'model refused': 'a refusal is an answer like any other on the page',
      },
      takesTurns: true,
      // The page lost its connection; the server goes on, and the conversation is opened again.
      survives: ['connection lost while answering'],
      recovers: {
        answered: 'answered',
        lost: 'not_sent',
        neverSent: 'not_sent',
        askingAgainIsFree: false,
      },
      takesSeconds: true,
      secrets: ['Test Person', 'test.person@example.org'],
    });
  }
});
