/**
 * The chat server as a process of its own, so that a crash of planline does not take its witness
 * along: `node test/support/chat-server-main.ts --port 0 --log FILE --delay-ms N --chunk-delay-ms N`.
 * Prints `{"url": …, "pid": …}` on one line; stops on SIGTERM or SIGINT.
 */
import { parseArgs } from 'node:util';
import { startChatServer, type Fault } from './chat-server.ts';
import { ENDINGS, BREAKS, REFUSALS } from './chat-server-faults.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    'delay-ms': { type: 'string', default: '0' },
    'chunk-delay-ms': { type: 'string', default: '0' },
    'api-key': { type: 'string' },
    /** Repeatable: the faults that the first prompts meet, in order. */
    fault: { type: 'string', multiple: true, default: [] },
    'no-background': { type: 'boolean', default: false },
  },
});

function faultNamed(name: string): Fault {
  const known = [...REFUSALS, ...ENDINGS, ...BREAKS, 'slow' as const].find(
    (fault) => fault === name,
  );
  if (known === undefined) throw new Error(`there is no fault named ${name}`);
  return known;
}

const server = await startChatServer({
  port: Number(values.port),
  delayMs: Number(values['delay-ms']),
  chunkDelayMs: Number(values['chunk-delay-ms']),
  unknownParameters: values['no-background'] ? ['background'] : [],
  ...(values.log === undefined ? {} : { logFile: values.log }),
  ...(values['api-key'] === undefined ? {} : { apiKey: values['api-key'] }),
});
server.fail(values.fault.map(faultNamed));
process.stdout.write(`${JSON.stringify({ url: server.url, pid: process.pid })}\n`);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
