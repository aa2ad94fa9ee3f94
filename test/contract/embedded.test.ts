import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { homePaths } from '../../src/adapters/embedded/paths.ts';
import { type Embedded, readRunning, startEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { pidOf, seededHome, startForTest } from '../support/embedded-fixture.ts';
import { PROBE_MIGRATIONS } from '../support/probe-migrations.ts';
import { recordingLog } from '../support/recording-log.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { containing, matching } from '../support/matchers.ts';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function occupy(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe('the embedded Supabase, from start to start', () => {
  it('keeps keys, port and rows from start to start, for its owner alone', async () => {
    const home = join(await tempFolder(), 'home');
    const paths = homePaths(home);
    expect(await readRunning(home)).toBeNull();

    const first = await startForTest(home);
    expect(first.secretKey).toMatch(/^sb_secret_/);
    expect(first.publishableKey).toMatch(/^sb_publishable_/);
    expect(JSON.parse(await readFile(paths.running, 'utf8'))).toEqual({
      url: first.url,
      secret_key: first.secretKey,
      publishable_key: first.publishableKey,
    });
    const { url, secretKey, publishableKey } = first;
    expect(await readRunning(home)).toEqual({ url, secretKey, publishableKey });
    expect(await modeOf(home)).toBe('700');
    expect(await modeOf(paths.running)).toBe('600');
    expect(await modeOf(paths.keys)).toBe('600');
    expect(await modeOf(paths.database)).toBe('700');
    const { error } = await createClient(url, secretKey).from('probe').insert({ code: 'kept' });
    expect(error).toBeNull();

    await first.stop();
    expect(await first.exited).toMatchObject({ requested: true, code: 0, signal: null });
    expect(await readdir(home)).not.toContain('supabase.json');
    expect(await readRunning(home)).toBeNull();

    await chmod(paths.keys, 0o644);
    const log = recordingLog();
    const second = await startForTest(home, { log });
    expect(second).toMatchObject({ url, secretKey, publishableKey });
    expect(await modeOf(paths.keys)).toBe('600');
    expect(log.records.map(({ message }) => message)).not.toContain('migration applied');
    const kept = await createClient(url, secretKey).from('probe').select('code');
    expect(kept.data).toEqual([{ code: 'kept' }]);
  });

  it('finds another port when the last one is taken, and refuses a wanted one that is', async () => {
    const home = await seededHome();
    const first = await startForTest(home);
    await first.stop();
    await occupy(portOf(first.url));

    const wanted = startEmbedded({
      home,
      migrationsDir: PROBE_MIGRATIONS,
      port: portOf(first.url),
      log: recordingLog(),
    });
    await expect(wanted).rejects.toMatchObject({
      code: 'usage',
      message: containing(`Port ${portOf(first.url)} is taken`),
    });

    const log = recordingLog();
    const second = await startForTest(home, { log });
    expect(second.url).not.toBe(first.url);
    expect(log.records).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { port: portOf(first.url) } }),
    );
    await second.stop();
    expect((await startForTest(home)).url).toBe(second.url);
  });

  it('writes down its migrations as the supabase CLI does and applies only what is new', async () => {
    const home = await seededHome();
    const folder = join(await tempFolder(), 'migrations');
    await mkdir(folder);
    await writeFile(
      join(folder, '20260101000000_one.sql'),
      `set search_path = ''; create table public.one (id int primary key);
       grant select on public.one to service_role;`,
    );
    await writeFile(join(folder, 'README.md'), 'not a migration');
    const first = await startForTest(home, { migrationsDir: folder });
    // A setting that a migration leaves behind must not reach the requests.
    expect(await first.sql('show search_path')).toEqual([{ search_path: 'public' }]);
    expect(await first.sql('show timezone')).toEqual([{ TimeZone: 'UTC' }]);
    await first.stop();

    await writeFile(join(folder, '20260102000000_two_words.sql'), 'create table public.two ();');
    const second = await startForTest(home, { migrationsDir: folder });
    const history = await second.sql(
      'select version, name, statements[1] as sql from supabase_migrations.schema_migrations order by 1',
    );
    expect(history).toMatchObject([
      { version: '20260101000000', name: 'one' },
      { version: '20260102000000', name: 'two_words', sql: 'create table public.two ();' },
    ]);
  });

  it('names file and line of a migration that fails, and leaves no half of it behind', async () => {
    const home = await seededHome();
    const folder = await tempFolder();
    const file = join(folder, '20260101000000_broken.sql');
    await writeFile(file, 'create table public.whole ();\n\nselect nonsense;\n');
    await expect(startForTest(home, { migrationsDir: folder })).rejects.toMatchObject({
      code: 'setup',
      message: matching(
        /^Migration 20260101000000_broken\.sql:3 failed and was rolled back: .*"nonsense"/,
      ),
    });
    await writeFile(file, 'select 1;');
    const mended = await startForTest(home, { migrationsDir: folder });
    expect(await mended.sql(`select to_regclass('public.whole') as found`)).toEqual([
      { found: null },
    ]);
  });

  it('says what to do about a folder without migrations and about a database ahead of it', async () => {
    const home = await seededHome();
    const empty = await tempFolder();
    await expect(startForTest(home, { migrationsDir: empty })).rejects.toMatchObject({
      code: 'setup',
      message: containing('no migrations'),
    });
    await (await startForTest(home)).stop();
    await writeFile(join(empty, '20250101000000_older.sql'), 'select 1;');
    await expect(startForTest(home, { migrationsDir: empty })).rejects.toMatchObject({
      code: 'setup',
      message: containing('a newer planline has used it'),
    });
  });

  it('opens no database of another PostgreSQL, and none that is not whole', async () => {
    const home = await tempFolder();
    const { database } = homePaths(home);
    await mkdir(database);
    await writeFile(join(database, 'PG_VERSION'), '18\n');
    await expect(startForTest(home)).rejects.toMatchObject({
      code: 'setup',
      message: containing('was written by PostgreSQL 18'),
    });
    await writeFile(join(database, 'something'), '');
    await rm(join(database, 'PG_VERSION'));
    await expect(startForTest(home)).rejects.toMatchObject({
      code: 'setup',
      message: containing('is in the way'),
    });
  });

  it('says so when PLANLINE_HOME cannot be a folder', async () => {
    const file = join(await tempFolder(), 'file');
    await writeFile(file, '');
    await expect(startForTest(join(file, 'home'))).rejects.toMatchObject({
      code: 'config',
      message: containing('PLANLINE_HOME'),
    });
  });

  it('refuses keys that it cannot read, without quoting them', async () => {
    const home = await tempFolder();
    await writeFile(homePaths(home).keys, '{"secret_key":"sb_secret_half"}');
    const refusal = await startForTest(home).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'config',
      message: containing('keys.json'),
    });
    expect(String(refusal)).not.toContain('sb_secret_half');
  });
});

describe('a running embedded Supabase', () => {
  const log = recordingLog();
  let home: string;
  let embedded: Embedded;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'planline-home-'));
    embedded = await startEmbedded({ home, migrationsDir: PROBE_MIGRATIONS, log });
  });
  afterAll(async () => {
    await embedded.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('refuses a second one on the same PLANLINE_HOME and goes on undisturbed', async () => {
    const second = startEmbedded({ home, migrationsDir: PROBE_MIGRATIONS, log: recordingLog() });
    await expect(second).rejects.toMatchObject({
      code: 'usage',
      message: containing(`process ${await pidOf(home)}`),
    });
    expect(await readRunning(home)).toMatchObject({ url: embedded.url });
    const { error } = await createClient(embedded.url, embedded.secretKey).from('probe').select();
    expect(error).toBeNull();
  });

  it('keeps rows and keys out of its log when statements fail', async () => {
    const service = createClient(embedded.url, embedded.secretKey);
    await service.from('probe').insert({ big: -1, status: 'Anna Nováková' });
    await service.from('probe').insert({ status: null, code: 'Anna Nováková' });
    await service.from('probe').select('Anna Nováková');
    await service.rpc('probe_refuse', { sqlstate: 'P0001', text_of_message: 'Anna Nováková' });
    await createClient(embedded.url, 'sb_secret_wrong').from('probe').select();
    // The log comes by another way than the answers: an order that is answered has passed it.
    await embedded.sql('select 1');
    const text = JSON.stringify(log.records);
    expect(text).toContain('printed something');
    expect(text).not.toContain('Nováková');
    expect(text).not.toContain('sb_secret_');
  });

  it('serves nothing but REST and Realtime', async () => {
    const get = (path: string): Promise<Response> =>
      fetch(`${embedded.url}${path}`, { headers: { apikey: embedded.secretKey } });
    expect((await get('/')).status).toBe(404);
    expect((await get('/_system/config')).status).toBe(404);
    expect((await get('/auth/v1/health')).status).toBe(404);
    expect((await get('/rest/v1x')).status).toBe(404);
    expect((await get('/rest/v1/probe')).status).toBe(200);
  });

  it('runs maintenance statements, which no transaction may hold', async () => {
    await embedded.sql('vacuum (analyze)');
    await embedded.sql('checkpoint');
    const vacuumed = await embedded.sql(
      `select last_vacuum is not null as vacuumed from pg_stat_user_tables where relname = 'probe'`,
    );
    expect(vacuumed).toEqual([{ vacuumed: true }]);
  });

  it('leaves nothing of a direct statement in the session that the requests share', async () => {
    await embedded.sql('begin');
    await expect(embedded.sql('begin; select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await embedded.sql(`set role anon; set timezone to 'Asia/Tokyo'`);
    const service = createClient(embedded.url, embedded.secretKey);
    const inserted = await service.from('probe').insert({ code: 'own transaction' });
    expect(inserted.error).toBeNull();
    expect(
      await embedded.sql('select current_user as me, current_setting($1) as zone', ['timezone']),
    ).toEqual([{ me: 'postgres', zone: 'UTC' }]);
  });

  it('drops what somebody else sends to the channel of its triggers', async () => {
    await embedded.sql(
      `select pg_notify('planline_realtime', 'nonsense'), pg_notify('planline_realtime', '{}')`,
    );
    expect(await embedded.sql('select 1 as alive')).toEqual([{ alive: 1 }]);
  });

  it('rejects a statement that fails with its SQLSTATE', async () => {
    await expect(embedded.sql('select $1::int / 0', [1])).rejects.toMatchObject({
      code: '22012',
      message: 'division by zero',
    });
  });
});
