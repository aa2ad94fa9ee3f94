/** `planline prune` as a person uses it: first to look, then in earnest. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGLISH, SLOVAK } from '../support/descriptions.ts';
import { startHome } from '../support/home.ts';
import { run } from '../support/planline.ts';

const TIMEOUT_MS = 480_000;

describe('planline prune', () => {
  it('says what would go, takes it, and leaves the zip', { timeout: TIMEOUT_MS }, async () => {
    const home = await startHome({ BLOCK_COUNT: '1' });
    const { place, sql } = home;
    const id = await home.addLead(ENGLISH);
    expect((await run(place, 'sweep')).code).toBe(0);
    await sql(
      `update public.junior_leads set description = $2, status = 'flagged' where id::text = $1`,
      [id, SLOVAK],
    );
    expect((await run(place, 'sweep')).code).toBe(0);
    const folder = join(place.cwd, 'runs', id);
    const before = (await readdir(folder)).toSorted();
    const [older = '', , newer = ''] = before;
    // What a person looked at is made from the run: it holds up nothing.
    const looking = await run(place, 'preview', join('runs', id, older, 'transformed'));
    expect(looking.code).toBe(0);

    const young = await run(place, 'prune', '--older-than', '90d');
    expect(young).toMatchObject({ code: 0, stdout: '' });
    expect(young.stderr).toMatch(/^planline: 0 runs pruned \(0 B\), 0 of the old ones stay\.\n$/);

    const looked = await run(place, 'prune', '--older-than', '0d', '--dry-run');
    expect(looked.stdout).toMatch(
      new RegExp(`^${id} {2}${older} {2}would go: folder of [\\d.]+ kB; left: .+${older}\\.zip\n$`),
    );
    expect((await readdir(folder)).toSorted()).toEqual(before);

    const pruned = await run(place, 'prune', '--older-than', '0d');
    expect(pruned.stdout).toMatch(
      /pruned: folder of [\d.]+ kB, \d+ artifacts of [\d.]+ kB; left: /,
    );
    expect(pruned.stderr).toMatch(
      /0 of the old ones stay; never pruned, as the newest of their lead or with their pages up: 1\.\n$/,
    );
    expect(pruned.code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(before.filter((name) => name !== older));
    expect(before).toContain(newer);
    expect((await run(place, 'verify', id)).code).toBe(0);
    expect((await run(place, 'events', id)).stdout).toMatch(/run\.pruned/);
    const wrong = await run(place, 'prune', '--older-than', 'ages');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/such as 90d or 12w/);
  });
});
