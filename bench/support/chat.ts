/** The chat server of the tests as a process of its own; it answers at once, with what rehearsal would. */
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { spawnTied } from '../../test/support/tied-process.ts';

const MAIN = join(import.meta.dirname, '../../test/support/chat-server-main.ts');

const started = z.object({ url: z.url() });

export interface Chat {
  /** Ends with /v1. */
  readonly url: string;
  /** The settings of a daemon that asks it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startChat(): Promise<Chat> {
  const tied = spawnTied(process.execPath, [MAIN]);
  const { stdout } = tied.child;
  if (stdout === null) throw new Error('the chat server has no stdout');
  const ended = once(tied.child, 'close').then(() => null);
  const first = await Promise.race([once(stdout, 'data'), ended]);
  if (first === null) throw new Error(`The chat server did not start:\n${tied.output()}`);
  const { url } = started.parse(JSON.parse(String(first[0])));
  const env = { CHAT_DRIVER: 'openai', OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: url };
  return { url, env, stop: () => tied.stop() };
}
