/** The two API keys of the embedded Supabase, made once for a PLANLINE_HOME. */
import { generateApiKey } from '@supabase/lite';
import { z } from 'zod';
import { PlanlineError } from '../../core/errors.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const storedKeys = z.object({
  secret_key: z.string().startsWith('sb_secret_').min(30),
  publishable_key: z.string().startsWith('sb_publishable_').min(30),
});

export interface ApiKeys {
  /** Acts as service_role. */
  readonly secretKey: string;
  /** Acts as anon. */
  readonly publishableKey: string;
}

/** To be called under the lock of PLANLINE_HOME only. */
export async function loadOrCreateKeys(path: string): Promise<ApiKeys> {
  const stored = await readPrivateFile(path);
  return stored === null ? createKeys(path) : parseKeys(path, stored);
}

async function createKeys(path: string): Promise<ApiKeys> {
  const [secret, publishable] = await Promise.all([
    generateApiKey('secret'),
    generateApiKey('publishable'),
  ]);
  const content = { secret_key: secret.key, publishable_key: publishable.key };
  await writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return parseKeys(path, JSON.stringify(content));
}

function parseKeys(path: string, text: string): ApiKeys {
  try {
    const keys = storedKeys.parse(JSON.parse(text));
    return { secretKey: keys.secret_key, publishableKey: keys.publishable_key };
  } catch {
    // The cause is dropped on purpose: it could quote the keys.
    throw new PlanlineError(
      'config',
      `${path} does not hold two API keys. Restore it, or delete it: new keys are made then, ` +
        'and clients that use the old ones must be given the new.',
    );
  }
}
