import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import { PAGE_FILE } from '../shell/clean-folder.ts';
import { filesOf } from '../shell/folder-work.ts';
import { parsePage } from '../shell/perform/pages.ts';
import type { Page } from '../core/page.ts';
import type { Folder } from '../ports.ts';
import { renderContents, renderPage, type Neighbour } from '../steps/render.ts';
import { openFolder } from '../wire.ts';
import { withExample } from './example.ts';
import { withSession } from './session.ts';

/** One page would be written over the other, and a learner would miss it. */
function refuseTwice(name: string, { page_index: index }: Page, names: Map<number, string>): void {
  const other = names.get(index);
  if (other !== undefined) {
    throw new PlanlineError(
      'usage',
      `${other} and ${name} are both page ${index}; give one of them another page_index, or take it out of the folder.`,
    );
  }
  names.set(index, name);
}

/** What bears the name and differs goes to snapshots/ first: the folder may be anybody's. */
async function writeKeeping(output: Folder, name: string, html: string): Promise<void> {
  const there = await output.read(name);
  if (there === html) return;
  if (there !== null) await output.snapshot(name);
  await output.write(name, html);
}

async function preview(directory: string, target: string): Promise<number> {
  const [input, output] = [openFolder(directory), openFolder(target)];
  const entries: { page: Page; href: string }[] = [];
  const names = new Map<number, string>();
  for (const name of await filesOf(input, PAGE_FILE)) {
    const page = parsePage(name, (await input.read(name)) ?? '');
    refuseTwice(name, page, names);
    entries.push({ page, href: `page${page.page_index}.html` });
  }
  entries.sort((a, b) => a.page.page_index - b.page.page_index);
  const neighbour = (index: number): Neighbour | null => {
    const entry = entries[index];
    return entry === undefined ? null : { href: entry.href, title: entry.page.title };
  };
  for (const [index, { page, href }] of entries.entries()) {
    const previous = index === 0 ? null : neighbour(index - 1);
    const around = { contents: 'index.html', previous, next: neighbour(index + 1) };
    await writeKeeping(output, href, renderPage(page, around));
  }
  await writeKeeping(output, 'index.html', renderContents(entries));
  return entries.length;
}

export function previewCommand(): Command {
  const command = new Command('preview')
    .argument('<dir>', 'pages, one a .json file: the folder `transformed` of a run')
    .option('--output <dir>', 'where the HTML goes; `preview` in that folder when left out')
    .action((dir: string, options: { output?: string }) =>
      withSession(async () => {
        const target = resolve(options.output ?? join(dir, 'preview'));
        const count = await preview(resolve(dir), target);
        process.stdout.write(`${count} pages: ${join(target, 'index.html')}\n`);
      }),
    );
  return withExample(command, 'planline preview runs/CLIENT/20261123_100000/transformed');
}
