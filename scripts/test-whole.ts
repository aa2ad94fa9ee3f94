/**
 * `npm run test:whole`: everything, where `npm test` takes a slice of the long suites. Of its parts
 * alone: `test:content`, `test:chat`, `test:chaos`. What else is given goes to vitest.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PARTS: Readonly<Record<string, readonly string[]>> = {
  content: ['test/content', 'test/unit/steps', 'test/unit/core/reply'],
  chat: ['--project', 'contract', '--project', 'desk', 'chat-', 'page-drivers'],
  chaos: ['--project', 'chaos'],
  all: [],
};

const [part = '', ...more] = process.argv.slice(2);
const chosen = PARTS[part];
if (chosen === undefined) throw new Error(`one of ${Object.keys(PARTS).join(', ')}, not '${part}'`);
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const { status } = spawnSync(process.execPath, [vitest, 'run', ...chosen, ...more], {
  stdio: 'inherit',
  env: { ...process.env, PLANLINE_TESTS: 'whole' },
});
process.exitCode = status ?? 1;
