/**
 * Runs before the tests: installs the system packages that some suites need on Debian as root, and
 * elsewhere says how to. Never fails: without a package its suites are skipped, or fail under CI.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  missingPackage,
  SYSTEM_PACKAGES,
  type SystemPackage,
} from '../test/support/system-packages.ts';

const missing = SYSTEM_PACKAGES.filter((one) => !one.present());
if (missing.length > 0 && isDebianAsRoot()) installOnDebian(missing);
for (const one of missing) {
  if (!one.present()) process.stderr.write(`${missingPackage(one)}\n`);
}

function isDebianAsRoot(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

function installOnDebian(packages: readonly SystemPackage[]): void {
  const dropIns = packages
    .flatMap((one) => one.debianDropIns)
    .filter(({ path }) => !existsSync(path));
  for (const { path, content } of dropIns) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const names = packages.flatMap((one) => one.debian);
  process.stderr.write(`Installing ${names.join(', ')} for the tests …\n`);
  apt(['update', '-qq']);
  apt(['install', '-qq', '-y', '--no-install-recommends', ...names]);
  for (const { path } of dropIns) rmSync(path, { force: true });
}

function apt(args: readonly string[]): void {
  spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
