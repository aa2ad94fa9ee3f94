/** What the embedded Supabase keeps in PLANLINE_HOME. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, PlanlineError } from '../../core/errors.ts';

export interface HomePaths {
  readonly home: string;
  /** PGlite's data directory. It is there once it is whole, never before. */
  readonly database: string;
  readonly lock: string;
  /** Kept from start to start, so that a client's key stays valid. */
  readonly keys: string;
  /** There while the embedded Supabase answers. */
  readonly running: string;
  /** The port of the last start. */
  readonly port: string;
}

export function homePaths(home: string): HomePaths {
  const root = resolve(home);
  return {
    home: root,
    database: join(root, 'database'),
    lock: join(root, 'supabase.lock'),
    keys: join(root, 'keys.json'),
    running: join(root, 'supabase.json'),
    port: join(root, 'port'),
  };
}

/** Creates PLANLINE_HOME for its owner alone. A folder that exists keeps its mode. */
export async function createHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new PlanlineError(
      'config',
      `PLANLINE_HOME ${home} cannot be created: ${messageOf(error)}. Set it to a folder of yours.`,
      { cause: error },
    );
  }
}
