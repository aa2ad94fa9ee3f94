/** Where planline itself is installed: its migrations, templates and version live there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ name: z.string(), version: z.string() });

function findRoot(from: string): string {
  const path = join(from, 'package.json');
  if (
    existsSync(path) &&
    manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.name === 'planline'
  ) {
    return from;
  }
  const parent = dirname(from);
  if (parent === from) throw new Error('planline cannot find its own package.json');
  return findRoot(parent);
}

/** Absolute; the same whether planline runs from source or compiled from `dist`. */
export const packageRoot = findRoot(import.meta.dirname);

export const migrationsDir = join(packageRoot, 'supabase', 'migrations');
export const templatesDir = join(packageRoot, 'prompts');

export const version = manifest.parse(
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')),
).version;
