/**
 * Asks one prompt with the `desktop` driver, as a process of its own that tests may kill:
 * `node test/support/desktop-asker-main.ts URL HOME REQUEST_ID PROMPT`. The screen is that of its
 * environment. Prints one JSON line for each phase, for the sending and for the answer.
 */
import { createDesktopDriver } from '../../src/adapters/chat/desktop/driver.ts';
import { machineClock } from './chat-clock.ts';
import { TEST_TIMINGS } from './chat-desktop.ts';
import { firstRequest } from './chat-request.ts';
import { recordingLog } from './recording-log.ts';
import { LENIENT } from './lenient-journal.ts';

const [chatUrl = '', home = '', requestId = '', text = ''] = process.argv.slice(2);
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const driver = createDesktopDriver({
  chatUrl,
  home,
  windowTitle: null,
  timeoutMs: 60_000,
  timeZone: 'Europe/Bratislava',
  clock: machineClock,
  log: recordingLog(),
  timings: TEST_TIMINGS,
});
const reply = await driver.ask(
  firstRequest(requestId, text),
  {
    ...LENIENT,
    async sent(ref) {
      say({ sent: ref });
    },
    phase: (phase) => say({ phase }),
  },
  new AbortController().signal,
);
say({ answered: reply.text });
await driver.close();
