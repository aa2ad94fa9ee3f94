/** `npm run test:chat`: the page drivers at a page full of faults, where `npm test` runs a slice. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'desk', 'chat-driver-soak', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { SOAK_BROWSER: '200', SOAK_DESKTOP: '50', ...process.env } },
);
process.exitCode = status ?? 1;
