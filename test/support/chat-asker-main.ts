/**
 * Asks one prompt with the `openai` driver, as a process of its own that tests may kill:
 * `node test/support/chat-asker-main.ts URL API PROMPT`. Prints one JSON line when the sending is on
 * record and one when the answer is there.
 */
import { createOpenAiDriver } from '../../src/adapters/chat/openai/driver.ts';
import { machineClock } from './chat-clock.ts';
import { firstRequest } from './chat-request.ts';
import { recordingLog } from './recording-log.ts';
import { LENIENT } from './lenient-journal.ts';

const [url = '', api = '', text = ''] = process.argv.slice(2);
const driver = createOpenAiDriver({
  apiKey: 'test-key',
  baseUrl: url,
  model: 'test-model',
  api: api === 'chat' ? 'chat' : 'responses',
  timeoutMs: 60_000,
  clock: machineClock,
  log: recordingLog(),
});
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const reply = await driver.ask(
  firstRequest('asker-1', text),
  {
    ...LENIENT,
    async sent(ref) {
      say({ sent: ref });
    },
    phase: () => undefined,
  },
  new AbortController().signal,
);
say({ answered: reply.text });
