import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps what Node compiles in the home folder: a command takes half of the processor's time to start.
 * There only: whoever can write to such a cache decides what runs, and the folder that Node would
 * choose is everybody's. A home that cannot be written to goes without.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  const home = env['PLANLINE_HOME'] ?? '.planline';
  if (env['NODE_COMPILE_CACHE'] === undefined && existsSync(home)) {
    enableCompileCache(join(home, 'cache'));
  }
}
