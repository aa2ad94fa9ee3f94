/** The schema under the eyes of the Supabase CLI's own advisors, and of a few that it does not have. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { withSession } from '../support/admin-sql.ts';
import { describeOnPostgres } from '../support/on-postgres.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';

const packageFolder = dirname(createRequire(import.meta.url).resolve('supabase/package.json'));
const CLI = join(packageFolder, 'dist', 'supabase.js');

const report = z.object({
  results: z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() })),
});

interface Verdict {
  readonly code: number;
  readonly findings: readonly { name: string; level: string; detail: string }[];
}

/** As `supabase db advisors --fail-on warn`, at home in a folder of its own, telling nobody. */
function advisors(databaseUrl: string, home: string): Promise<Verdict> {
  const args = ['db', 'advisors', '--fail-on', 'warn', '--output-format', 'json'];
  const { PATH } = process.env;
  const env = { PATH, HOME: home, DO_NOT_TRACK: '1', SUPABASE_TELEMETRY_DISABLED: '1' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [CLI, ...args, `--remote=${databaseUrl}`],
      { cwd: home, env },
      (error, stdout, stderr) => {
        const parsed = z
          .preprocess((text) => JSON.parse(String(text)) as unknown, report)
          .safeParse(stdout === '' ? '{}' : stdout);
        const code = error === null ? 0 : error.code;
        if (!parsed.success || typeof code !== 'number') {
          reject(new Error(`supabase db advisors did not work:\n${stdout}\n${stderr}`));
        } else resolve({ code, findings: parsed.data.results });
      },
    );
  });
}

/** Projects of before 2026 grant every new table and function to the API roles at once. */
const GRANT_BY_DEFAULT = `
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;`;

/** Functions of the API's schema that the advisors above do not look at as closely. */
const OPEN_FUNCTIONS = `
  select p.proname as name,
         has_function_privilege('anon', p.oid, 'execute')
           or has_function_privilege('authenticated', p.oid, 'execute') as open_to_clients,
         p.prosecdef as is_definer,
         coalesce(array_to_string(p.proconfig, ','), '') as settings
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
   order by 1`;

const functionRow = z.object({
  name: z.string(),
  open_to_clients: z.boolean(),
  is_definer: z.boolean(),
  settings: z.string(),
});

const EVENT_TRIGGERS_OF_TABLES = ['planline_record_hand_edit', 'planline_keep_page'];

const PLANTS = [
  {
    lint: 'rls_disabled_in_public',
    sql: 'create table public.planted (id int primary key); grant select on public.planted to anon',
  },
  {
    lint: 'function_search_path_mutable',
    sql: `create function public.planted() returns int language sql as 'select 1'`,
  },
  {
    lint: 'security_definer_view',
    sql: `create view public.planted as select id, description from public.junior_leads;
          grant select on public.planted to anon`,
  },
];

describeOnPostgres('db advisors', () => {
  let postgres: TestPostgres;
  let home: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    home = await mkdtemp(join(tmpdir(), 'planline-cli-'));
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** A database with the migrations applied after `before`, and `after` added to it. */
  async function migrated(name: string, { before = '', after = '' } = {}): Promise<string> {
    const url = await postgres.createDatabase(name);
    await withSession(url, async (session) => {
      if (before !== '') await session.exec(before);
      await applyMigrations(session, await readMigrations(migrationsDir));
      if (after !== '') await session.exec(after);
    });
    return url;
  }

  async function functionsOf(url: string): Promise<z.infer<typeof functionRow>[]> {
    let found: z.infer<typeof functionRow>[] = [];
    await withSession(url, async (session) => {
      found = z.array(functionRow).parse(await session.query(OPEN_FUNCTIONS, []));
    });
    return found;
  }

  it.each([
    { project: 'that grants nothing by default', name: 'strict', before: '' },
    { project: 'that grants all by default', name: 'lavish', before: GRANT_BY_DEFAULT },
  ])('find nothing to warn of in a project $project', async ({ name, before }) => {
    const url = await migrated(name, { before });
    expect(await advisors(url, home)).toEqual({ code: 0, findings: [] });
    const functions = await functionsOf(url);
    expect(functions.length).toBeGreaterThan(10);
    expect(functions.filter((one) => one.open_to_clients)).toEqual([]);
    expect(functions.filter((one) => !one.settings.includes('search_path=""'))).toEqual([]);
    expect(functions.filter((one) => one.is_definer).map((one) => one.name)).toEqual(
      EVENT_TRIGGERS_OF_TABLES.toSorted(),
    );
  });

  it.each(PLANTS)('fail on $lint', async ({ lint, sql }) => {
    const url = await migrated(`planted_${lint}`, { after: sql });
    const { code, findings } = await advisors(url, home);
    expect(code).toBe(1);
    expect(findings.map((found) => found.name)).toEqual([lint]);
    expect(findings[0]?.detail).toContain('planted');
  });

  it('see a function that clients may call', async () => {
    const planted = `create function public.planted() returns int
      language sql security definer set search_path = '' as 'select 1'`;
    const functions = await functionsOf(await migrated('planted_function', { after: planted }));
    expect(functions.filter((one) => one.open_to_clients)).toMatchObject([
      { name: 'planted', is_definer: true },
    ]);
  });
});
