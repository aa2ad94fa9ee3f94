/** The single steps on folders. */
import { basename, dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import { ok, type Result } from '../core/result.ts';
import { cleanFolder } from '../shell/clean-folder.ts';
import { convertFolder, isDone, keepOutput } from '../shell/folder-work.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { loadTemplates } from './templates.ts';
import { blockPrompt } from '../steps/blocks.ts';
import { parseProfile } from '../steps/input-transform.ts';
import { parsePlan } from '../steps/plan.ts';
import { htmlPrompt } from '../steps/prepare-html.ts';
import { linksOfHtml, lostLinks } from '../steps/quality/lost-links.ts';
import type { Change } from '../steps/clean.ts';
import { signsRemoved } from '../steps/signs-removed.ts';
import { readPart } from '../steps/stage2.ts';
import { checkHtmlReply, readPageReply } from '../steps/stage3.ts';
import { openFolder } from '../wire.ts';
import { withExample } from './example.ts';
import { print, summarize, TEXT_FILE, warnOf } from './report.ts';
import { withSession } from './session.ts';

interface Folders {
  readonly input: string;
  readonly output: string;
}

const HTML_FILE = /^[^.]+\.(txt|html|htm)$/;

function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 1);
}

async function readFileOf(path: string): Promise<string> {
  const absolute = resolve(path);
  const text = await openFolder(dirname(absolute)).read(basename(absolute));
  if (text === null) throw new PlanlineError('usage', `There is no file ${path}.`);
  return text;
}

function usable<T>(result: Result<T>, path: string): T {
  if (result.ok) return result.value;
  throw new PlanlineError('usage', `${path}: ${result.error.reason}`);
}

export function blocksCommand(): Command {
  const command = new Command('blocks')
    .requiredOption('--input <file>', 'the plan, with <blok-1> to <blok-n>')
    .requiredOption('--json <file>', 'the profile as JSON')
    .requiredOption('--output <dir>', 'where the prompts go')
    .action((options: Folders & { json: string }) =>
      withSession(async ({ config }) => {
        const plan = await readFileOf(options.input);
        const profile = usable(parseProfile(await readFileOf(options.json)), options.json);
        const bloks = usable(parsePlan(plan, config.blockCount), options.input);
        const { block: template } = await loadTemplates(config);
        const output = openFolder(resolve(options.output));
        const [written, skipped]: [string[], string[]] = [[], []];
        for (const [index, blok] of bloks.entries()) {
          const n = index + 1;
          const name = `prompt_block_${n}.txt`;
          const prompt = usable(blockPrompt(template, { n, blok, profile, plan }), 'block.txt');
          // Plan, profile and template: what a prompt is made from is all in its own text.
          const origin = { input_sha256: sha256Hex(prompt) };
          if (await isDone(output, name, origin)) {
            skipped.push(name);
            continue;
          }
          await keepOutput(output, name, prompt, origin);
          written.push(name);
        }
        summarize({ written, skipped, refused: [] });
      }),
    );
  return withExample(
    command,
    'planline blocks --input plan.txt --json profile.json --output parsed_parts',
  );
}

export function prepareHtmlCommand(): Command {
  const command = new Command('prepare-html')
    .requiredOption('--input <dir>', 'lessons, one a .txt file')
    .requiredOption('--output <dir>', 'where the prompts go')
    .option(
      '--language <code>',
      'language of the pages, such as sk; that of the lesson when left out',
    )
    .action((options: Folders & { language?: string }) =>
      withSession(async ({ config }) => {
        const { html_transform: template } = await loadTemplates(config);
        const report = await convertFolder({
          input: openFolder(resolve(options.input)),
          output: openFolder(resolve(options.output)),
          accepts: TEXT_FILE,
          nameOf: (name) => `parthtml${numberOf(name)}.txt`,
          settings: [template, options.language ?? ''],
          convert: (reply, name) =>
            htmlPrompt(template, {
              n: numberOf(name),
              content: readPart(reply),
              language: options.language ?? null,
            }),
        });
        summarize(report);
      }),
    );
  return withExample(
    command,
    'planline prepare-html --input stage_2_generated_parts --output stage_2_prepared_html --language sk',
  );
}

export function htmlToJsonCommand(): Command {
  const command = new Command('html-to-json')
    .requiredOption(
      '--input <dir>',
      'HTML, one page a file; prose and code fences around it are fine',
    )
    .requiredOption('--output <dir>', 'where the pages go')
    .option('--language <code>', 'language of the pages; that of the HTML when left out')
    .action((options: Folders & { language?: string }) =>
      withSession(async () => {
        const changes = new Map<string, readonly Change[]>();
        const report = await convertFolder({
          input: openFolder(resolve(options.input)),
          output: openFolder(resolve(options.output)),
          accepts: HTML_FILE,
          nameOf: (name) => name.replace(/\.[^.]+$/, '.json'),
          settings: [options.language ?? ''],
          convert(reply, name) {
            // Nobody judged these files when they came: a page of which a part would be lost is refused.
            const judged = checkHtmlReply(reply);
            if (!judged.ok) return judged;
            const language = options.language ?? null;
            const read = readPageReply(reply, { pageIndex: numberOf(name), language });
            if (!read.ok) return read;
            const { html, page } = read.value;
            warnOf(name, lostLinks(linksOfHtml(html), page));
            changes.set(name, signsRemoved(html, page));
            return ok(`${JSON.stringify(page, null, 2)}\n`);
          },
          facts: (name) => ({ changes: changes.get(name) ?? [] }),
        });
        summarize(report);
      }),
    );
  return withExample(
    command,
    'planline html-to-json --input stage_3_generated_html --output transformed',
  );
}

export function cleanCommand(): Command {
  const command = new Command('clean')
    .requiredOption('--directory <dir>', 'pages, one a .json file')
    .action((options: { directory: string }) =>
      withSession(async () => {
        const report = await cleanFolder(openFolder(resolve(options.directory)), warnOf);
        print(`${report.changes} changes, listed in <name>.clean.json.`);
        summarize(report);
      }),
    );
  return withExample(command, 'planline clean --directory transformed');
}
