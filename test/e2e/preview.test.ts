import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

const page = (title: string, index: number): string =>
  JSON.stringify({
    schema: 1,
    page_index: index,
    title,
    language: 'sk',
    sections: [
      { heading: null, level: null, blocks: [{ type: 'paragraph', html: title, text: title }] },
    ],
  });

describe('planline preview', () => {
  it('shows every page of a folder, and refuses two that would be one file', async () => {
    const place = { cwd: await tempFolder(), env: {} };
    await writeFile(join(place.cwd, 'a.json'), page('Prvá', 1));
    await writeFile(join(place.cwd, 'b.json'), page('Druhá', 2));
    expect(await run(place, 'preview', '.')).toMatchObject({ code: 0 });
    const contents = await readFile(join(place.cwd, 'preview', 'index.html'), 'utf8');
    expect(contents).toMatch(/page1\.html[^]*Prvá[^]*page2\.html[^]*Druhá/);

    await writeFile(join(place.cwd, 'preview', 'index.html'), 'mine');
    expect(await run(place, 'preview', '.')).toMatchObject({ code: 0 });
    const kept = join(place.cwd, 'preview', 'snapshots', 'index.html');
    expect(await readFile(kept, 'utf8')).toBe('mine');

    await writeFile(join(place.cwd, 'c.json'), page('Tretia', 2));
    const refused = await run(place, 'preview', '.');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('b.json and c.json are both page 2');
  });
});
