/**
 * The chat page as a process of its own, so that a crash of planline does not take its witness along:
 * `node test/support/chat-page-main.ts --generation g3 --port 0 --log FILE --fault NAME …`.
 * Prints `{"url": …, "pid": …}` on one line; stops on SIGTERM or SIGINT.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PAGE_FAULTS } from '../fixtures/chat-page/faults.ts';
import { startChatPage } from './chat-page.ts';

const { values } = parseArgs({
  options: {
    generation: { type: 'string', default: 'g3' },
    locale: { type: 'string', default: 'en' },
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    'delay-ms': { type: 'string', default: '50' },
    'chunk-delay-ms': { type: 'string', default: '5' },
    'copy-delay-ms': { type: 'string', default: '0' },
    'url-delay-ms': { type: 'string', default: '100' },
    /** Repeatable: the faults that the first prompts meet, in order. */
    fault: { type: 'string', multiple: true, default: [] },
  },
});

const page = await startChatPage({
  generation: z.enum(['g2', 'g3']).parse(values.generation),
  locale: z.enum(['en', 'sk', 'de']).parse(values.locale),
  port: Number(values.port),
  delayMs: Number(values['delay-ms']),
  chunkDelayMs: Number(values['chunk-delay-ms']),
  copyDelayMs: Number(values['copy-delay-ms']),
  urlDelayMs: Number(values['url-delay-ms']),
  ...(values.log === undefined ? {} : { logFile: values.log }),
});
page.fail(z.array(z.enum(PAGE_FAULTS)).parse(values.fault));
process.stdout.write(`${JSON.stringify({ url: page.url, pid: process.pid })}\n`);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    page.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
