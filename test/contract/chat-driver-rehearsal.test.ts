import { createRehearsalDriver } from '../../src/adapters/chat/rehearsal/driver.ts';
import { rehearsalAnswer } from '../../src/adapters/chat/rehearsal/answer.ts';
import type { ChatRequest } from '../../src/ports.ts';
import { machineClock } from '../support/chat-clock.ts';
import { describeChatDriver, TROUBLES, type ChatRig, type Trouble } from './chat-driver-suite.ts';

const OFFLINE = 'the rehearsal has neither a network nor an account';

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The provider is the driver itself, so its sends are the calls that it let through. */
async function start(): Promise<ChatRig> {
  const sends = new Map<string, number>();
  let gate: Promise<void> = Promise.resolve();
  const driver = createRehearsalDriver({
    delayMs: 1,
    clock: {
      now: () => machineClock.now(),
      async sleep(ms, signal) {
        await Promise.race([gate, aborted(signal)]);
        await machineClock.sleep(ms, signal);
      },
    },
  });
  return {
    driver: {
      ...driver,
      async ask(request, journal, signal) {
        const noted = (): void =>
          void sends.set(request.requestId, (sends.get(request.requestId) ?? 0) + 1);
        return await driver.ask(
          request,
          {
            ...journal,
            sent: async (ref) => {
              noted();
              await journal.sent(ref);
            },
          },
          signal,
        );
      },
    },
    says: ({ step, text, follows }: ChatRequest) => rehearsalAnswer(step, follows?.prompt ?? text),
    // It keeps no conversation.
    before: () => null,
    sends: (request: ChatRequest) => sends.get(request.requestId) ?? 0,
    trouble(trouble: Trouble) {
      throw new Error(`the rehearsal cannot meet: ${trouble}`);
    },
    hold() {
      const opened = Promise.withResolvers<void>();
      gate = opened.promise;
      return () => opened.resolve();
    },
    forget() {
      // It keeps nothing that could be forgotten.
    },
    async stop() {
      // There is nothing beside the driver.
    },
  };
}

describeChatDriver('rehearsal', {
  start,
  cannotMeet: Object.fromEntries(Object.keys(TROUBLES).map((trouble) => [trouble, OFFLINE])),
  survives: [],
  recovers: {
    answered: 'not_sent',
    lost: 'not_sent',
    neverSent: 'not_sent',
    askingAgainIsFree: true,
  },
  secrets: [],
});
