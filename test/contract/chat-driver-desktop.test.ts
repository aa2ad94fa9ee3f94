import {
  askedIn,
  asTyped,
  obedientEcho,
  startDesktopRig,
  type DesktopRig,
} from '../support/chat-desktop.ts';
import type { ChatDriver } from '../../src/ports.ts';
import type { PageFault, PageGeneration } from '../support/chat-page.ts';
import { describeWith } from '../support/describe-where.ts';
import { CHROMIUM, DESKTOP } from '../support/system-packages.ts';
import { describeChatDriver, type ChatRig, type Trouble } from './chat-driver-suite.ts';

/** What the page does, or what the model says to the next prompt. */
type Cause =
  | { readonly page: PageFault }
  | { readonly says: (prompt: string) => string }
  | 'log_out';

const CAUSES: Readonly<Partial<Record<Trouble, Cause>>> = {
  'provider failed': { page: 'error_turn' },
  'connection lost before sending': { page: { name: 'network_loss', when: 'before' } },
  'connection lost while answering': { page: 'network_loss' },
  'answer broke off': { page: 'thinking_failed' },
  'provider fell silent': { page: { name: 'long_pause', forMs: 600_000 } },
  'answer empty': {
    says(prompt) {
      const { begin, end } = askedIn(prompt);
      return `${begin}\n\n${end}`;
    },
  },
  'answer cut at the limit': { page: 'continue_generating' },
  'model refused': { says: () => 'I am sorry, but I cannot help with that.' },
  'too many requests': { page: 'throttle_modal' },
  'plan used up': { page: 'plan_cap' },
  'not logged in': 'log_out',
  'prompt too long': { page: 'prompt_too_long' },
};

function starter(generation: PageGeneration): () => Promise<ChatRig> {
  return async () => {
    let says: ((prompt: string) => string) | null = null;
    const answers = (prompt: string): string => {
      const answer = (says ?? obedientEcho)(prompt);
      says = null;
      return answer;
    };
    const rig = await startDesktopRig({ generation, answers }, { timeoutMs: 30_000 });
    return {
      driver: loggedInAfterwards(rig),
      says: asTyped,
      sends: (request) => rig.sends(request),
      before: (request) => rig.before(request),
      trouble(trouble) {
        const cause = CAUSES[trouble];
        if (cause === undefined) throw new Error(`the page cannot make this: ${trouble}`);
        if (cause === 'log_out') rig.page.setLoggedIn(false);
        else if ('page' in cause) rig.page.fail([cause.page]);
        else ({ says } = cause);
      },
      hold: () => rig.page.hold(),
      forget: () => rig.page.forget(),
      stop: () => rig.stop(),
    };
  };
}

/** The operator logs in as soon as they are told. */
function loggedInAfterwards({ driver, page }: DesktopRig): ChatDriver {
  return {
    ...driver,
    async ask(request, journal, signal) {
      try {
        return await driver.ask(request, journal, signal);
      } finally {
        page.setLoggedIn(true);
      }
    },
  };
}

describeWith([CHROMIUM, DESKTOP], 'ChatGPT page on a screen of its own', () => {
  describeChatDriver('desktop, page of spring 2026', {
    start: starter('g2'),
    cannotMeet: {},
    survives: ['connection lost before sending', 'connection lost while answering'],
    recovers: {
      answered: 'answered',
      lost: 'not_sent',
      neverSent: 'not_sent',
      askingAgainIsFree: false,
    },
    takesTurns: true,
    takesSeconds: true,
    secrets: ['Test Person', 'test.person@example.org'],
  });
});
