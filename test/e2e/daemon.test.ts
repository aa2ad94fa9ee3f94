import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../support/descriptions.ts';
import { clientOf, run, seededPlace, start, type Place } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function archivedLead(place: Place, id: string) {
  const client = await clientOf(place);
  const lead = await client.from('junior_leads').select('status').eq('id', id).single();
  const pages = await client
    .from('client_learning_pages')
    .select('page_index,title,content')
    .eq('client_id', id)
    .order('page_index');
  // The client has no generated types; only what is selected above can be in it.
  const found = (pages.data ?? []) as { page_index: number; title: string }[];
  return { status: (lead.data as { status?: string } | null)?.status, pages: found };
}

describe('npm start without any configuration', () => {
  it('archives the sample lead, then one that an outside program flags, and stops cleanly', async () => {
    const place: Place = { cwd: await tempFolder(), env: {} };
    const daemon = start(place, 'daemon');

    const [, sample = ''] = await daemon.until(/sample lead was added and flagged:\s+(\S+)/);
    await daemon.until(/archived: 15 pages/);
    await daemon.until(/What now\?[\s\S]+doctor/);
    expect(daemon.stdout()).toMatch(/Supabase {4}http:\/\/127\.0\.0\.1:\d+ \(embedded/);
    expect(daemon.stdout()).toMatch(/Secret key {2}in .*supabase\.json/);
    expect(daemon.stdout()).toMatch(/rehearsal: offline/);
    const done = await archivedLead(place, sample);
    expect(done.status).toBe('archived');
    expect(done.pages.map((page) => page.page_index)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1),
    );

    const client = await clientOf(place);
    const inserted = await client
      .from('junior_leads')
      .insert({ description: ENGLISH, status: 'flagged' })
      .select('id')
      .single();
    const id = String((inserted.data as { id?: unknown } | null)?.id);
    await daemon.until(new RegExp(`${id.slice(0, 8)}….{1,4}archived: 15 pages`));
    expect((await archivedLead(place, id)).pages).toHaveLength(15);

    const status = await run(place, 'status', id, '--json');
    const told = JSON.parse(status.stdout) as { run_id: string };
    expect(told).toMatchObject({
      id,
      status: 'archived',
      step: null,
      prompts_done: 32,
      prompts_total: 32,
      last_error: null,
      retry_count: 0,
    });
    const transformed = join('runs', id, told.run_id, 'transformed');
    const preview = await run(place, 'preview', transformed);
    expect(preview.stdout).toMatch(/^15 pages: .*index\.html/);
    const page = await readFile(join(place.cwd, transformed, 'preview', 'page15.html'), 'utf8');
    expect(page).toMatch(/<h1[^>]*>[^<]+<\/h1>/);
    const verify = await run(place, 'verify');
    expect(verify).toMatchObject({ code: 0 });
    expect(verify.stdout).toMatch(new RegExp(`${id} {2}ok`));

    const end = await daemon.kill('SIGTERM');
    expect(end.code).toBe(0);
    expect(end.stderr).toBe('');
    expect(end.stdout).toMatch(/Stopped\. What was under way goes on/);

    // Nobody but the owner reads keys, texts or logs, and no log holds a key.
    const home = join(place.cwd, '.planline');
    const keys = await readFile(join(home, 'logs', 'planline.log'), 'utf8');
    expect(keys).not.toMatch(/sb_secret_[A-Za-z0-9]/);
    expect((await stat(join(home, 'logs', 'planline.log'))).mode & 0o077).toBe(0);
    expect((await stat(join(place.cwd, 'runs', id))).mode & 0o077).toBe(0);
  });

  it('adds no second sample lead, and commands work without a daemon', async () => {
    const place = await seededPlace();
    const first = start(place, 'daemon');
    await first.until(/archived: 15 pages/);
    await first.kill('SIGTERM');
    const second = start(place, 'daemon');
    await second.until(/Waiting for leads/);
    await second.kill('SIGINT');
    expect(second.stdout()).not.toMatch(/sample lead/);
    const status = await run(place, 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ status: 'archived' }]);
    const doctor = await run(place, 'doctor');
    expect(doctor).toMatchObject({ code: 0 });
    expect(doctor.stdout).toMatch(/✔ migrations/);
  });

  it('goes on where a stop by SIGTERM left it', async () => {
    const place = await seededPlace();
    const first = start(place, 'daemon');
    await first.until(/writing lessons 4\/15/);
    expect((await first.kill('SIGTERM')).code).toBe(0);
    const second = start(place, 'daemon');
    await second.until(/archived: 15 pages/);
    await second.kill('SIGTERM');
    const verify = await run(place, 'verify', '--json');
    expect(JSON.parse(verify.stdout)).toMatchObject([{ status: 'archived', problems: [] }]);
  });
});
