/**
 * Adds to package-lock.json the optional packages of other platforms that the registry in use does
 * not list. `npm install` leaves them out then, and `npm ci` refuses the lock file as incomplete.
 * Run after every change of dependencies: `node scripts/complete-lock.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const entry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockFile = z.looseObject({ packages: z.record(z.string(), entry) });

const SYSTEMS: Readonly<Record<string, string>> = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const CPUS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/** `@oxlint/binding-linux-arm-gnueabihf` → linux, arm. Throws when the name tells no platform. */
function platformOf(name: string): { os: string[]; cpu: string[] } {
  const words = name.split(/[^a-z0-9]+/);
  const os = words.map((word) => SYSTEMS[word]).find((system) => system !== undefined);
  const cpu = CPUS.find((candidate) => words.includes(candidate));
  if (os === undefined) throw new Error(`${name} is optional, but its name tells no platform`);
  return { os: [os], cpu: cpu === undefined ? [] : [cpu] };
}

const path = join(import.meta.dirname, '..', 'package-lock.json');
const lock = lockFile.parse(JSON.parse(readFileSync(path, 'utf8')));
const added: string[] = [];
for (const [parent, { optionalDependencies, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (
      `${parent}/node_modules/${name}` in lock.packages ||
      `node_modules/${name}` in lock.packages
    ) {
      continue;
    }
    const { os, cpu } = platformOf(name);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length === 0 ? {} : { cpu }),
      ...(dev === true ? { dev } : {}),
      optional: true,
      os,
    };
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(`${added.length} added\n${added.join('\n')}\n`);
