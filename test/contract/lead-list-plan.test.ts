/** Pages of the list must not be read out of the whole table: the plan says so at any load. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { migrationsDir } from '../../src/package-root.ts';
import { connectAdmin, withSession, type AdminSql } from '../support/admin-sql.ts';
import { describeOnPostgres } from '../support/on-postgres.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';

const LEADS = 100_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string | undefined;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Index Name': z.string().optional(),
    'Actual Rows': z.number(),
    'Rows Removed by Filter': z.number().optional(),
    Plans: z.array(planNode).optional(),
  }),
);
const explained = z.tuple([
  z.looseObject({ 'QUERY PLAN': z.tuple([z.looseObject({ Plan: planNode })]) }),
]);
const sqlRow = z.tuple([z.object({ sql: z.string() })]);

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

describeOnPostgres('the list of 100,000 leads', () => {
  let postgres: TestPostgres;
  let admin: AdminSql;

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await postgres.createDatabase('many');
    const migrations = await readMigrations(migrationsDir);
    await withSession(url, (session) => applyMigrations(session, migrations));
    admin = connectAdmin(url);
    // Rows as a long life leaves them; the triggers of hand edits would only make this slow.
    await admin.query(`
      alter table public.junior_leads disable trigger user;
      insert into public.junior_leads
        (status, description, input_transform, last_error, processing_started_at, pipeline_updated_at,
         claim_epoch)
      select case when n % 1000 = 0 then 'blocked' when n % 500 = 1 then 'processing' else 'archived' end,
             repeat('What a client tells. ', 40), jsonb_build_object('name', 'Person' || n || ' Family' || n % 5000),
             case when n % 1000 = 0 then 'Reply ' || n || ' was no JSON' end,
             now() - n * interval '1 minute', now() - n * interval '1 minute', 1
        from generate_series(1, ${LEADS}) n;
      alter table public.junior_leads enable trigger user`);
    await admin.query('vacuum analyze public.junior_leads');
  });
  afterAll(async () => {
    await admin.end();
    await postgres.stop();
  });

  async function planOf(sql: string): Promise<PlanNode[]> {
    const [row] = explained.parse(await admin.query(`explain (analyze, format json) ${sql}`));
    return nodesOf(row['QUERY PLAN'][0].Plan);
  }

  async function listPlan(text: string, ...rest: readonly string[]): Promise<PlanNode[]> {
    const [{ sql }] = sqlRow.parse(
      await admin.query(
        `select public.planline_leads_sql('${text}', ${rest.join(', ')}, 51) as sql`,
      ),
    );
    return planOf(sql);
  }

  function indexesOf(nodes: readonly PlanNode[]): string[] {
    return nodes.flatMap((node) => node['Index Name'] ?? []);
  }

  function touched(nodes: readonly PlanNode[]): number {
    return Math.max(
      ...nodes.map((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)),
    );
  }

  const DEEP = `'2020-01-01T00:00:00Z', 'ffffffff-ffff-4fff-bfff-ffffffffffff'`;
  describe.each([
    ['the first page', '', ['null', `'changed'`, 'true', 'null', 'null'], 'changed'],
    ['the last page', '', ['null', `'changed'`, 'false', 'null', 'null'], 'changed'],
    ['a page far behind', '', ['null', `'changed'`, 'false', DEEP], 'changed'],
    ['by start', '', ['null', `'started'`, 'true', 'null', 'null'], 'started'],
    ['one status', '', [`'blocked'`, `'changed'`, 'true', 'null', 'null'], 'status'],
    ['one name', 'person77123', ['null', `'changed'`, 'true', 'null', 'null'], 'search'],
    ['one family', 'family77', ['null', `'changed'`, 'true', 'null', 'null'], 'search'],
    ['part of an error', 'reply 4200', ['null', `'changed'`, 'true', 'null', 'null'], 'search'],
    [
      'a name in a status',
      'family500',
      [`'blocked'`, `'changed'`, 'true', 'null', 'null'],
      'search',
    ],
  ] as const)('%s', (_what, text, rest, index) => {
    it(`is read by the index for it, and little else`, async () => {
      const nodes = await listPlan(text, ...rest);
      expect(indexesOf(nodes)).toContain(`junior_leads_planline_${index}`);
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
      expect(touched(nodes)).toBeLessThan(2_500);
    });
  });

  it('counts statuses from the index alone', async () => {
    const nodes = await planOf(
      'select l.status, count(*) as leads from public.junior_leads l where true group by l.status',
    );
    expect(nodes.map((node) => node['Node Type'])).toContain('Index Only Scan');
  });

  it('looks for changes at the ends of two indexes', async () => {
    const nodes = await planOf(`select max(position) from public.pipeline_events`);
    const leads = await planOf(
      `select max(coalesce(pipeline_updated_at, '-infinity'::timestamptz)) from public.junior_leads`,
    );
    expect(indexesOf(nodes)).toContain('pipeline_events_pkey');
    expect(indexesOf(leads)).toContain('junior_leads_planline_changed');
    expect(touched(leads)).toBeLessThan(10);
  });
});
