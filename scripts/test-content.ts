/** `npm run test:content`: the content suites whole, where `npm test` runs a slice of them. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    'test/content',
    'test/unit/steps',
    'test/unit/core/reply',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, CONTENT: 'all' } },
);
process.exitCode = status ?? 1;
