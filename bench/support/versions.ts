/** What was measured, and on what. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Subject } from '../report/section.ts';

const ROOT = join(import.meta.dirname, '../..');
const manifest = z.object({ version: z.string() });

function versionIn(folder: string): string {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

/** The package of a rival's program, where it has another name. */
const PACKAGES: Readonly<Record<string, string>> = { dbos: '@dbos-inc/dbos-sdk' };

/** A system beside planline, with the version that is installed. */
export function rivalSubject(program: string, name = program): Subject {
  const folder = join(ROOT, 'bench/rivals/node_modules', PACKAGES[program] ?? program);
  return { name, version: versionIn(folder) };
}

export function planlineSubject(where: string): Subject {
  return { name: `planline, ${where}`, version: versionIn(ROOT) };
}
