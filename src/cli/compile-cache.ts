import { statSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/** Null where none is to be seen: not there, or behind what may not be entered. Of that the command itself tells. */
function ownerOf(folder: string): number | null {
  try {
    return statSync(folder).uid;
  } catch (error) {
    if (error instanceof Error && 'errno' in error) return null;
    throw error;
  }
}

/** Root looks after a service of the machine, whose account must be able to write to all of its home. */
function isOurs(folder: string): boolean {
  const owner = ownerOf(folder);
  return owner !== null && (process.getuid === undefined || owner === process.getuid());
}

/**
 * Keeps what Node compiles in the home folder: a command takes half of the processor's time to start.
 * There only: whoever can write to such a cache decides what runs, and the folder that Node would
 * choose is everybody's. A home that cannot be written to goes without.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  const home = env['PLANLINE_HOME'] ?? '.planline';
  if (env['NODE_COMPILE_CACHE'] === undefined && isOurs(home)) {
    enableCompileCache(join(home, 'cache'));
  }
}

/** Node does so at its end, which one that is killed never reaches: its next start would be a slow one again. */
export function saveCompiledCode(): void {
  flushCompileCache();
}
