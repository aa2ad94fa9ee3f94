/** Prompts that wait for the driver's turn behind one under way, while the account or the process is stopped. */
import { expect, it, vi } from 'vitest';
import { createInTurn } from '../../../src/adapters/chat/in-turn.ts';
import { journaled } from '../../../src/adapters/chat/journaled.ts';
import { ChatError } from '../../../src/core/errors.ts';
import type { ChatDriver } from '../../../src/ports.ts';
import { createDispatcher } from '../../../src/shell/dispatcher.ts';
import { LENIENT } from '../../support/lenient-journal.ts';
import { openTestWorkshop } from '../../support/workshop.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';

type Workshop = Awaited<ReturnType<typeof openTestWorkshop>>;

/** Two leads, one driver that takes one prompt at a time, and the first prompt held in its turn. */
async function setUp() {
  const workshop = await openTestWorkshop({ leadConcurrency: 2 });
  const inTurn = createInTurn();
  const held = Promise.withResolvers<void>();
  const sent: string[] = [];
  const { driver } = workshop.shell;
  let waiting = 0;
  const queueing: ChatDriver = {
    ...driver,
    ask(request, journal, signal) {
      waiting += 1;
      return inTurn(signal, () =>
        journaled(journal, signal, async () => {
          sent.push(request.requestId);
          await held.promise;
          return await driver.ask(request, { ...journal, ...LENIENT }, signal);
        }),
      );
    },
  };
  const add = () => workshop.database.directory.add({ description: DESCRIPTION });
  const ids = [await add(), await add()];
  const dispatcher = createDispatcher({ ...workshop.shell, driver: queueing }, workshop.signals);
  dispatcher.poke();
  await vi.waitFor(() => expect(waiting).toBe(2), { timeout: 60_000 });
  return { workshop, ids, dispatcher, held, sent };
}

type Stop = (workshop: Workshop, held: PromiseWithResolvers<void>) => Promise<void> | void;

const STOPS: readonly (readonly [name: string, stop: Stop])[] = [
  [
    'the one under way meets a limit',
    (_, held) => held.reject(new ChatError('rate_limited', 'Too many requests.')),
  ],
  [
    'the one under way meets what a person has to mend',
    (_, held) => held.reject(new ChatError('needs_operator', 'Log in.')),
  ],
  [
    'a person pauses the account',
    async ({ shell }, held) => {
      await shell.account.pause('Paused on the dashboard.');
      held.resolve();
    },
  ],
  [
    'the process is told to stop',
    ({ stopping }, held) => {
      stopping.abort(new Error('Ctrl+C'));
      held.resolve();
    },
  ],
];

it.each(STOPS)('a queued prompt is not sent once %s', async (_name, stop) => {
  const { workshop, ids, dispatcher, held, sent } = await setUp();
  // A stop of the account is not mended meanwhile.
  workshop.finds({ name: 'ChatGPT', level: 'error', detail: 'ill', action: null });
  await stop(workshop, held);
  await dispatcher.idle();
  expect(sent).toHaveLength(1);
  const events = ids.flatMap((id) => workshop.database.events(id));
  expect(events.filter(({ type }) => type.endsWith('failed'))).toEqual([]);
});
