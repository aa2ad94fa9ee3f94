/** What the commands on folders take and say. */
import type { FolderReport } from '../shell/folder-work.ts';
import { wordsOf, type QualityWarning } from '../core/quality.ts';
import { EXIT } from './exit.ts';

export const TEXT_FILE = /^[^.]+\.(txt|md)$/;

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Nothing is cut where a program reads. */
export function widthOf(out: NodeJS.WriteStream): number {
  return out.isTTY ? out.columns : Number.MAX_SAFE_INTEGER;
}

/** Beside the result, which stands: the file is written. */
export function warnOf(name: string, warnings: readonly QualityWarning[]): void {
  for (const warning of warnings) process.stderr.write(`planline: ${name}: ${wordsOf(warning)}\n`);
}

export function summarize({ written, skipped, refused }: FolderReport): void {
  for (const { name, reason } of refused) process.stderr.write(`planline: ${name}: ${reason}\n`);
  print(`${written.length} written, ${skipped.length} already there, ${refused.length} refused.`);
  if (refused.length > 0) process.exitCode = EXIT.bad;
}
