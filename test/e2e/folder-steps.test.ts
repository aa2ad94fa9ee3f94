/** The single steps on a folder of the user's own: what they write, leave alone, refuse and tell. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, seededPlace, type Environment, type Place } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Workplace {
  readonly place: Place;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly read: (path: string) => Promise<string>;
  readonly names: (folder: string) => Promise<string[]>;
}

function workplaceAt(place: Place): Workplace {
  const at = (path: string): string => join(place.cwd, path);
  return {
    place,
    write: async (path, text) => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), text);
    },
    read: (path) => readFile(at(path), 'utf8'),
    names: async (folder) => (await readdir(at(folder))).toSorted(),
  };
}

async function workplace(env: Environment = {}): Promise<Workplace> {
  return workplaceAt({ cwd: await tempFolder(), env });
}

const HTML = ['html-to-json', '--input', 'html', '--output', 'pages'] as const;
const CLEAN = ['clean', '--directory', 'pages'] as const;

const htmlOf = (title: string, body: string): string =>
  `Here is the page:\n\`\`\`html\n<!doctype html><html lang="en"><body><h1>${title}</h1>${body}</body></html>\n\`\`\`\n`;

describe('planline blocks', () => {
  const ARGS = [
    'blocks',
    '--input',
    'plan.txt',
    '--json',
    'profile.json',
    '--output',
    'p',
  ] as const;

  it('writes a prompt for each block of the plan, once', async () => {
    const { place, write, read, names } = await workplace({ BLOCK_COUNT: '2' });
    await write('plan.txt', '<blok-1>Bake a loaf</blok-1>\n<blok-2>Bake a cake</blok-2>');
    await write('profile.json', '{"name": "Ana", "goals": ["a bakery of her own"]}');
    const first = await run(place, ...ARGS);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toBe('2 written, 0 already there, 0 refused.\n');
    const prompt = await read('p/prompt_block_2.txt');
    expect(prompt).toContain('Bake a cake');
    expect(prompt).toContain('a bakery of her own');

    expect((await run(place, ...ARGS)).stdout).toMatch(/^0 written, 2 already there/);

    await write('profile.json', '{"name": "Ana", "goals": ["a mill"]}');
    expect((await run(place, ...ARGS)).stdout).toMatch(/^2 written, 0 already there/);
    expect(await read('p/snapshots/prompt_block_2.txt')).toBe(prompt);
    expect(await names('p')).toContain('prompt_block_1.meta.json');
  });

  it('refuses a plan without the blocks, and a file that is not there', async () => {
    const { place, write } = await workplace({ BLOCK_COUNT: '2' });
    await write('plan.txt', '<blok-1>Bake a loaf</blok-1>');
    await write('profile.json', '{"name": "Ana"}');
    const short = await run(place, ...ARGS);
    expect(short.code).toBe(2);
    expect(short.stderr).toMatch(/plan\.txt: .*blok/);

    const missing = await run(place, 'blocks', '--input', 'no', '--json', 'no', '--output', 'p');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/There is no file no\./);
  });
});

describe('planline prepare-html', () => {
  it('writes a prompt for each lesson, anew for another language', async () => {
    const { place, write, read } = await workplace();
    await write('lessons/part2.txt', 'Flour, water, salt.');
    await write('lessons/part10.txt', 'Butter and sugar.');
    const args = ['prepare-html', '--input', 'lessons', '--output', 'prompts'] as const;
    const first = await run(place, ...args, '--language', 'sk');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const prompt = await read('prompts/parthtml10.txt');
    expect(prompt).toContain('Butter and sugar.');
    expect(prompt).toContain('Slovak (sk)');

    expect((await run(place, ...args, '--language', 'sk')).stdout).toMatch(/^0 written, 2 already/);
    expect((await run(place, ...args, '--language', 'de')).stdout).toMatch(/^2 written/);
    expect(await read('prompts/parthtml10.txt')).toContain('German (de)');
    expect(await read('prompts/snapshots/parthtml10.txt')).toBe(prompt);
  });

  it('refuses two lessons that would become one prompt', async () => {
    const { place, write, names } = await workplace();
    await write('lessons/2026 lesson 1.md', 'Flour.');
    await write('lessons/2026 lesson 2.md', 'Butter.');
    const args = ['prepare-html', '--input', 'lessons', '--output', 'prompts'] as const;
    const { code, stderr } = await run(place, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/2026 lesson 1\.md and 2026 lesson 2\.md .* parthtml2026\.txt; rename/);
    expect(await names('.')).not.toContain('prompts');
  });
});

describe('planline html-to-json and clean', () => {
  it('turns replies into clean pages, once, and keeps what was there before', async () => {
    const { place, write, read, names } = await workplace();
    await write('html/parthtml1.txt', htmlOf('**Bread**', '<p>**Bake** it.</p>'));
    const made = await run(place, ...HTML);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const dirty = await read('pages/parthtml1.json');
    expect(JSON.parse(dirty)).toMatchObject({ schema: 1, page_index: 1, title: 'Bread' });

    expect(JSON.parse(await read('pages/parthtml1.meta.json'))).toMatchObject({
      changes: [
        { path: 'title', before: '**Bread**', after: 'Bread' },
        { path: 'sections[0].heading', before: '**Bread**', after: 'Bread' },
      ],
    });

    const cleaned = await run(place, ...CLEAN);
    expect(cleaned).toMatchObject({ code: 0, stderr: '' });
    expect(await read('pages/parthtml1.json')).not.toContain('**');
    expect(await read('pages/parthtml1.clean.json')).toContain('changes');
    expect(await read('pages/snapshots/parthtml1.json')).toBe(dirty);

    const before = await read('pages/parthtml1.json');
    expect((await run(place, ...HTML)).stdout).toMatch(/^0 written, 1 already there/);
    expect((await run(place, ...CLEAN)).stdout).toMatch(/0 written, 1 already there/);
    expect(await read('pages/parthtml1.json')).toBe(before);
    expect(await names('pages')).toEqual([
      'parthtml1.clean.json',
      'parthtml1.json',
      'parthtml1.meta.json',
      'snapshots',
    ]);
  });

  it('refuses a reply without a page by its name, and goes on with the next', async () => {
    const { place, write, names } = await workplace();
    await write('html/parthtml1.txt', 'I cannot help with that.');
    await write('html/parthtml2.txt', htmlOf('Cake', '<p>Whisk the eggs.</p>'));
    await write('html/parthtml3.txt', htmlOf('Pie', '<p>A <title> is a name.</p><p>Roll it.</p>'));
    const { code, stdout, stderr } = await run(place, ...HTML);
    expect(code).toBe(1);
    expect(stdout).toBe('1 written, 0 already there, 2 refused.\n');
    expect(stderr).toMatch(/^planline: parthtml1\.txt: \S/);
    expect(stderr).toMatch(/^planline: parthtml3\.txt: a <title> in the text is never closed/m);
    expect(await names('pages')).toEqual(['parthtml2.json', 'parthtml2.meta.json']);
  });

  it('tells of a link that a page has no place for', async () => {
    const { place, write } = await workplace();
    const link = '<a href="https://example.com/rye">Rye</a>';
    await write('html/parthtml1.txt', htmlOf('Bread', `<h2>${link}</h2><p>Bake it.</p>`));
    await write('html/parthtml2.txt', htmlOf('Cake', `<p>${link}</p>`));
    const { code, stderr } = await run(place, ...HTML);
    expect(code).toBe(0);
    expect(stderr).toBe('planline: parthtml1.txt: links whose address was lost: 1\n');
  });

  it('tells of a link that cleaning took along', async () => {
    const { place, write } = await workplace();
    const html = '## <a href="https://example.com/rye">Rye</a>';
    const blocks = [{ type: 'paragraph', html, text: '## Rye' }];
    const sections = [{ heading: null, level: null, blocks }];
    const page = { schema: 1, page_index: 1, title: 'Bread', language: 'en', sections };
    await write('pages/parthtml1.json', JSON.stringify(page));
    const { code, stderr } = await run(place, ...CLEAN);
    expect(code).toBe(0);
    expect(stderr).toBe('planline: parthtml1.json: links whose address was lost: 1\n');
  });
});

describe('planline upload', () => {
  it('puts the pages of a folder online, once, keeps those that it replaces, and refuses a gap', async () => {
    const { place, write, read } = workplaceAt(await seededPlace({ CHAT_DRIVER: 'rehearsal' }));
    await write('client.txt', 'Ana bakes.');
    const added = await run(place, 'add', '--description-file', 'client.txt');
    const id = /[0-9a-f-]{36}/.exec(added.stdout)?.[0] ?? 'none';
    const args = ['upload', id, '--directory', 'pages'] as const;
    await write('html/parthtml1.txt', htmlOf('Bread', '<p>Bake it.</p>'));
    await run(place, ...HTML);
    const first = await run(place, ...args);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`1 pages of lead ${id} uploaded, 0 kept in`);
    expect(first.stderr).toMatch(/planline: page 1: few words: \d+ \(medium\)\n/);
    expect((await run(place, ...args)).stdout).toMatch(/are there already/);

    await write('html/parthtml1.txt', htmlOf('Rye bread', '<p>Bake it longer.</p>'));
    await run(place, ...HTML);
    expect((await run(place, ...args)).stdout).toMatch(/1 pages of lead .* uploaded, 1 kept in/);
    const kept = await read('pages/snapshots/client_learning_pages.json');
    expect(kept).toContain('"Bread"');
    expect(kept).not.toContain('Rye bread');

    await write('html/parthtml3.txt', htmlOf('Cake', '<p>Whisk.</p>'));
    await run(place, ...HTML);
    const gap = await run(place, ...args);
    expect(gap.code).toBe(2);
    expect(gap.stderr).toMatch(/pages: \S/);
  });
});
