/** @supabase/lite on a real PostgreSQL: what the embedded Supabase adds to PostgREST's part. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface LiteOnPostgres {
  readonly url: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  stop(): Promise<void>;
}

const started = z.object({ url: z.url(), secretKey: z.string(), publishableKey: z.string() });

/** The migrations must have been applied: lite reads the schema when it starts. */
export async function startLiteOnPostgres(options: {
  databaseUrl: string;
}): Promise<LiteOnPostgres> {
  const main = fileURLToPath(new URL('./lite-main.ts', import.meta.url));
  const child = fork(main, [options.databaseUrl], {
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
  });
  // Not `close`, which Node never emits after a disconnect from this side.
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), exited.then(() => null)]);
  if (first === null) throw new Error(`lite did not start:\n${stderr}`);
  return {
    ...started.parse(first[0]),
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
