/** The settings of a daemon that is given nothing to do. */
import type { Project } from './hosted.ts';

/** Never asked: there is no lead. With the rehearsal driver an empty embedded database gets a sample. */
export const OFFLINE = {
  CHAT_DRIVER: 'openai',
  OPENAI_API_KEY: 'test-key',
  OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
};

export function idleEnv({ url, secretKey }: Project): Readonly<Record<string, string>> {
  return { SUPABASE_URL: url, SUPABASE_SECRET_KEY: secretKey, ...OFFLINE };
}
