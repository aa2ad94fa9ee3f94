/** Finds the programs of a PostgreSQL installation, 15 or newer. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface PostgresBin {
  readonly folder: string;
  readonly major: number;
}

const OLDEST_MAJOR = 15;
const EXE = process.platform === 'win32' ? '.exe' : '';

/** The oldest that will do, because that is what planline promises to run on; null without any. */
export function findPostgresBin(): PostgresBin | null {
  const found = candidateFolders().flatMap((folder) => {
    const major = majorIn(folder);
    return major !== null && major >= OLDEST_MAJOR ? [{ folder, major }] : [];
  });
  return found.toSorted((a, b) => a.major - b.major)[0] ?? null;
}

export function programIn(bin: PostgresBin, name: 'initdb' | 'postgres'): string {
  return join(bin.folder, `${name}${EXE}`);
}

function candidateFolders(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  return [
    ...onPath,
    ...versionsUnder('/usr/lib/postgresql', ''),
    ...versionsUnder('/opt/homebrew/opt', 'postgresql@'),
    ...versionsUnder('/usr/local/opt', 'postgresql@'),
    ...versionsUnder('/Applications/Postgres.app/Contents/Versions', ''),
    ...versionsUnder('C:\\Program Files\\PostgreSQL', ''),
  ];
}

function versionsUnder(parent: string, prefix: string): string[] {
  if (!existsSync(parent)) return [];
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix));
  return names.map((name) => join(parent, name, 'bin'));
}

function majorIn(folder: string): number | null {
  const [postgres, initdb] = ['postgres', 'initdb'].map((name) => join(folder, `${name}${EXE}`));
  if (postgres === undefined || initdb === undefined) return null;
  if (!existsSync(postgres) || !existsSync(initdb)) return null;
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  return major === undefined ? null : Number(major);
}
