/** Compiles to dist: Node strips no types under node_modules, so the package ships JavaScript. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
cpSync(join(root, 'src/dashboard/assets'), join(root, 'dist/src/dashboard/assets'), {
  recursive: true,
});
chmodSync(join(root, 'dist/src/main.js'), 0o755);
