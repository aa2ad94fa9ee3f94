/**
 * planline and the libraries it loads as few files, as the chaos tests start it: of the processor time
 * of a process that is killed after a second, a third went into finding a thousand modules.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';
import { MAIN } from '../planline.ts';

const BUNDLE = 'PLANLINE_TEST_BUNDLE';
/** Below the project, as planline finds its migrations and templates by its own package.json. */
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache');

/** They read files of their own, or native code. None is loaded beside a database that is elsewhere. */
const ASIDE = [
  '@electric-sql/pglite',
  '@supabase/lite',
  '@nut-tree-fork/nut-js',
  'playwright-core',
];

/** vitest's globalSetup of the chaos project. */
export default async function makeBundle(): Promise<() => Promise<void>> {
  await mkdir(CACHE, { recursive: true });
  const dir = await mkdtemp(join(CACHE, 'planline-chaos-'));
  await build({
    input: MAIN,
    platform: 'node',
    external: ASIDE,
    logLevel: 'warn',
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
    },
  });
  process.env[BUNDLE] = dir;
  return () => rm(dir, { recursive: true, force: true, maxRetries: 20 });
}

/** Where it is made; the code that V8 compiled of it is kept beside it. */
function bundleDir(): string {
  const dir = process.env[BUNDLE];
  if (dir === undefined)
    throw new Error('the chaos project runs test/support/chaos/bundle.ts first');
  return dir;
}

export const bundled = (): { main: string; compiled: string } => ({
  main: join(bundleDir(), 'main.mjs'),
  compiled: join(bundleDir(), 'compiled'),
});
