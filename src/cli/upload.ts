import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import type { Page } from '../core/page.ts';
import { bySeverity, wordsOf } from '../core/quality.ts';
import { PAGE_FILE } from '../shell/clean-folder.ts';
import { filesOf } from '../shell/folder-work.ts';
import { parsePage } from '../shell/perform/pages.ts';
import { judgePages } from '../steps/quality.ts';
import { checkPages } from '../steps/upload.ts';
import { openFolder } from '../wire.ts';
import { withExample } from './example.ts';
import { withDatabase } from './session.ts';

/** Are these the lead's pages already? Then neither they nor their history are touched. */
function isThere(before: readonly Readonly<Record<string, unknown>>[], pages: readonly Page[]) {
  return isDeepStrictEqual(
    before.map((row) => row['content']),
    [...pages],
  );
}

/** The language that most of the pages name. */
function languageOf(pages: readonly Page[]): string | null {
  const counts = new Map<string | null, number>();
  for (const { language } of pages) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

export function uploadCommand(): Command {
  const command = new Command('upload')
    .argument('<id>', 'id of a lead')
    .requiredOption('--directory <dir>', 'pages, one a .json file')
    .action((id: string, options: { directory: string }) =>
      withDatabase(async ({ database }) => {
        if ((await database.directory.get(id)) === null) {
          throw new PlanlineError('usage', `There is no lead ${id} in junior_leads.`);
        }
        const folder = openFolder(resolve(options.directory));
        const pages: Page[] = [];
        for (const name of await filesOf(folder, PAGE_FILE)) {
          pages.push(parsePage(name, (await folder.read(name)) ?? ''));
        }
        const checked = checkPages(pages, pages.length);
        if (!checked.ok)
          throw new PlanlineError('usage', `${options.directory}: ${checked.error.reason}`);
        const warnings = judgePages(checked.value, languageOf(checked.value));
        for (const warning of bySeverity(warnings)) {
          const what = `${wordsOf(warning)} (${warning.severity})`;
          process.stderr.write(`planline: page ${warning.page}: ${what}\n`);
        }
        const before = await database.store.pages(id);
        if (isThere(before, checked.value)) {
          process.stdout.write(`${pages.length} pages of lead ${id} are there already.\n`);
          return;
        }
        const kept = 'snapshots/client_learning_pages.json';
        await folder.snapshot(kept);
        await folder.write(kept, `${JSON.stringify(before, null, 2)}\n`);
        await database.pages.replace(id, checked.value);
        process.stdout.write(
          `${pages.length} pages of lead ${id} uploaded, ${before.length} kept in ${kept}.\n`,
        );
      }),
    );
  return withExample(
    command,
    'planline upload 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --directory transformed',
  );
}
