/** What a person sees of a command that refuses. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Place } from './planline.ts';

/** How a command ends that did nothing, to be compared by toEqual. */
export const refused = (stderr: RegExp) => ({
  code: 2,
  stdout: '',
  stderr: expect.stringMatching(stderr) as unknown,
});

/** What the commands of a place have logged; the file is there once there was something to log. */
export async function logOf({ cwd, env }: Place): Promise<string> {
  const folder = join(cwd, env['PLANLINE_HOME'] ?? '.planline', 'logs');
  const names = existsSync(folder) ? await readdir(folder) : [];
  const texts = names.map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

/** One message, no stack. */
export function isOneMessage(stderr: string): boolean {
  return stderr.startsWith('planline: ') && !/\n\s+at |unexpected error/.test(stderr);
}
