import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { PAGE_FILE } from '../shell/clean-folder.ts';
import { filesOf } from '../shell/folder-work.ts';
import { parsePage } from '../shell/perform/pages.ts';
import { renderContents, renderPage } from '../steps/render.ts';
import { openFolder } from '../wire.ts';
import { withExample } from './example.ts';
import { withSession } from './session.ts';

async function preview(directory: string, target: string): Promise<number> {
  const [input, output] = [openFolder(directory), openFolder(target)];
  const entries = [];
  for (const name of await filesOf(input, PAGE_FILE)) {
    const page = parsePage(name, (await input.read(name)) ?? '');
    const href = `page${page.page_index}.html`;
    await output.write(href, renderPage(page));
    entries.push({ page, href });
  }
  await output.write('index.html', renderContents(entries));
  return entries.length;
}

export function previewCommand(): Command {
  const command = new Command('preview')
    .description('page JSON → HTML files that show the pages as a learner sees them')
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
