/** `planline doctor` on a real PostgreSQL behind PostgREST, in which one thing after the other is broken. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createAccountStore } from '../../src/adapters/disk/account-store.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { Finding } from '../../src/ports.ts';
import { READY } from '../../src/shell/account-state.ts';
import { describeWhere } from '../support/describe-where.ts';
import { startChannels } from '../support/notify-channels.ts';
import { run, type Environment } from '../support/planline.ts';
import { supabaseTargets, type RunningTarget } from '../support/supabase-targets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { closedPort } from '../support/webhook.ts';

const finding = z.object({
  name: z.string(),
  level: z.enum(['ok', 'warning', 'error']),
  detail: z.string(),
  action: z.string().nullable(),
});

const saying = (text: string): unknown => expect.stringContaining(text);

const hosted = supabaseTargets.find(({ name }) => name.startsWith('PostgREST'));

describeWhere(hosted === undefined ? 'no PostgREST' : hosted.available(), 'planline doctor', () => {
  let target: RunningTarget;
  let mend: string[] = [];

  beforeAll(async () => {
    if (hosted === undefined) throw new Error('there is no such target');
    target = await hosted.start({ migrationsDir });
  });
  afterAll(() => target.stop());
  afterEach(async () => {
    for (const statement of mend) await target.sql(statement);
    mend = [];
  });

  async function placeOf(env: Environment = {}) {
    const settings = {
      SUPABASE_URL: target.url,
      SUPABASE_SECRET_KEY: target.secretKey,
      CHAT_DRIVER: 'rehearsal',
    };
    return { cwd: await tempFolder(), env: { ...settings, ...env } };
  }

  async function doctor(env: Environment = {}, ...args: readonly string[]) {
    const { code, stdout, stderr } = await run(await placeOf(env), 'doctor', '--json', ...args);
    const findings: Finding[] = z.array(finding).parse(JSON.parse(stdout));
    return { code, stderr, findings };
  }

  /** What is not well, apart from what these places never have: Realtime and channels. */
  function troubles(findings: readonly Finding[]): Finding[] {
    return findings.filter(
      ({ name, level }) => level !== 'ok' && name !== 'realtime' && name !== 'notifications',
    );
  }

  it('finds nothing to mend in a project that has all it needs', async () => {
    const { code, stderr, findings } = await doctor();
    expect(troubles(findings)).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual([
      'node',
      'templates',
      'PLANLINE_HOME',
      'RUNS_DIR',
      'database',
      'migrations',
      'grants',
      'functions',
      'triggers',
      'publication',
      'clock',
      'realtime',
      'ChatGPT (rehearsal)',
      'notifications',
    ]);
    // PostgREST alone serves no websockets.
    expect(findings.find(({ name }) => name === 'realtime')).toMatchObject({
      level: 'warning',
      detail: saying('leads are found by polling only'),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    {
      what: 'a grant',
      break: 'revoke insert on public.pipeline_events from service_role',
      mend: 'grant insert on public.pipeline_events to service_role',
      finding: {
        name: 'grants',
        level: 'error',
        detail: 'service_role may not: pipeline_events INSERT',
        action: 'In the SQL editor: grant insert on public.pipeline_events to service_role;',
      },
    },
    {
      what: 'the right to call a function',
      break:
        'revoke execute on function public.planline_renew(text, bigint, integer) from service_role',
      mend: 'grant execute on function public.planline_renew to service_role',
      finding: {
        name: 'functions',
        level: 'error',
        detail: 'missing, or not to be called by service_role: planline_renew',
        action: saying('grant execute on function public.planline_renew to service_role;'),
      },
    },
    {
      what: 'a trigger',
      break: 'alter table public.junior_leads disable trigger planline_hand_edit',
      mend: 'alter table public.junior_leads enable trigger planline_hand_edit',
      finding: {
        name: 'triggers',
        level: 'error',
        detail: saying('missing or disabled: junior_leads.planline_hand_edit'),
        action: saying('alter table public.junior_leads enable trigger planline_hand_edit;'),
      },
    },
    {
      what: 'the table in the publication',
      break: 'alter publication supabase_realtime drop table public.junior_leads',
      mend: 'alter publication supabase_realtime add table public.junior_leads',
      finding: {
        name: 'publication',
        level: 'warning',
        detail: saying('junior_leads is not in the publication'),
        action:
          'In the SQL editor: alter publication supabase_realtime add table public.junior_leads;',
      },
    },
    {
      what: 'updates in the publication',
      break: `alter publication supabase_realtime set (publish = 'insert')`,
      mend: `alter publication supabase_realtime set (publish = 'insert, update, delete, truncate')`,
      finding: {
        name: 'publication',
        level: 'warning',
        detail: saying('leaves inserts or updates out'),
        action: saying('alter publication supabase_realtime set (publish ='),
      },
    },
  ])('says what mends it when $what is gone, and is right', async (trouble) => {
    mend = [trouble.mend];
    await target.sql(trouble.break);
    const { code, findings } = await doctor();
    expect(troubles(findings)).toEqual([trouble.finding]);
    expect(code).toBe(trouble.finding.level === 'error' ? 1 : 0);

    const action = troubles(findings)[0]?.action ?? '';
    const statement = /(?:In the SQL editor|there already): ([^;]+);/.exec(action)?.[1] ?? '';
    await target.sql(statement);
    mend = [];
    expect(troubles((await doctor()).findings)).toEqual([]);
  });

  it('names the migrations when the newest function is not there', async () => {
    const [row] = await target.sql(
      `select pg_get_functiondef('public.planline_lacks'::regproc) as definition`,
    );
    mend = [
      String(row?.['definition']),
      'revoke all on function public.planline_lacks from public, anon, authenticated',
      'grant execute on function public.planline_lacks to service_role',
      `notify pgrst, 'reload schema'`,
    ];
    await target.sql('drop function public.planline_lacks');
    await target.sql(`notify pgrst, 'reload schema'`);
    await expect
      .poll(async () => troubles((await doctor()).findings), { timeout: 60_000 })
      .toEqual([
        {
          name: 'migrations',
          level: 'error',
          detail: saying('planline_lacks'),
          action: saying('npx supabase db push'),
        },
      ]);
  });

  it('names the key when it is not the secret one', async () => {
    const { code, findings } = await doctor({ SUPABASE_SECRET_KEY: target.publishableKey });
    expect(code).toBe(1);
    expect(troubles(findings)).toMatchObject([
      { name: 'database', level: 'error', action: saying('SUPABASE_SECRET_KEY') },
    ]);
    expect(JSON.stringify(findings)).not.toContain(target.publishableKey);
  });

  it('names the address when nobody answers there', async () => {
    const { code, findings } = await doctor({
      SUPABASE_URL: `http://127.0.0.1:${await closedPort()}`,
    });
    expect(code).toBe(1);
    expect(troubles(findings)).toMatchObject([
      {
        name: 'database',
        level: 'error',
        detail: saying('cannot be reached'),
        action: 'Check SUPABASE_URL and the network, then run: planline doctor',
      },
    ]);
  });

  it('names the template and its line, and goes on to the next', async () => {
    const place = await placeOf();
    const prompts = join(place.cwd, 'prompts');
    await mkdir(prompts);
    await writeFile(join(prompts, 'block.txt'), 'one [NOT_A_PLACEHOLDER]\n');
    const { stdout } = await run(
      { ...place, env: { ...place.env, PROMPTS_DIR: prompts } },
      'doctor',
    );
    expect(stdout).toMatch(/✘ templates .*prompts/);
    expect(stdout).toMatch(/→ Mend the template that is named/);
    expect(stdout).toMatch(/✔ database /);
    expect(stdout).toMatch(/1 to mend before planline can work/);
  });

  it('names a folder that others may change, or that is none', async () => {
    const place = await placeOf();
    const home = join(place.cwd, '.planline');
    await mkdir(home);
    await chmod(home, 0o777);
    await writeFile(join(place.cwd, 'runs'), 'a file where a folder should be');
    const { stdout } = await run(place, 'doctor', '--json');
    expect(troubles(z.array(finding).parse(JSON.parse(stdout)))).toEqual([
      {
        name: 'PLANLINE_HOME',
        level: 'warning',
        detail: `${home} may be changed by other users of this machine`,
        action: `Run: chmod go-w '${home}'`,
      },
      {
        name: 'RUNS_DIR',
        level: 'error',
        detail: `${join(place.cwd, 'runs')} cannot be written to (it is not a folder)`,
        action: saying('set RUNS_DIR to another folder'),
      },
    ]);
  });

  it.each([
    [
      { at: 'paused' as const, untilPerson: false },
      'warning',
      'To go on run: planline chat resume',
    ],
    [
      { at: 'needs_operator' as const, untilPerson: true },
      'error',
      'See to it, then run: planline chat resume',
    ],
    // What passes by itself is no finding.
    [{ at: 'needs_operator' as const, untilPerson: false }, null, ''],
  ])('tells of a chat account that %j', async (stop, level, action) => {
    const place = await placeOf();
    const home = join(place.cwd, '.planline');
    const store = createAccountStore(join(home, 'chat-account-rehearsal-e3b0c442.json'));
    await store.save({ ...READY, ...stop, sinceMs: 1, reason: 'suspicious activity was noticed' });
    const { stdout } = await run(place, 'doctor', '--json');
    const detail = 'nothing is sent until you say so: suspicious activity was noticed';
    expect(troubles(z.array(finding).parse(JSON.parse(stdout)))).toEqual(
      level === null ? [] : [{ name: 'chat account', level, detail, action }],
    );
  });

  it('sends a test message on each channel when it is asked to, and only then', async () => {
    const channels = await startChannels();
    await doctor(channels.env);
    expect(channels.webhook.requests).toHaveLength(0);
    const { code, findings } = await doctor(channels.env, '--send-test');
    expect(code).toBe(0);
    expect(findings.filter(({ name }) => name.endsWith(' test'))).toMatchObject([
      { name: 'slack test', level: 'ok' },
      { name: 'email test', level: 'ok' },
    ]);
    expect(channels.webhook.requests).toHaveLength(1);
    expect(channels.mails.mails.map(({ mail }) => mail.subject)).toEqual([
      'planline: This is a test of planline',
    ]);
  });

  it('says what to set when a channel refuses the test', async () => {
    const channels = await startChannels();
    channels.webhook.answer({ status: 404, body: 'no_service' });
    const { code, findings } = await doctor(
      { SLACK_WEBHOOK_URL: channels.webhook.url },
      '--send-test',
    );
    expect(code).toBe(1);
    expect(troubles(findings)).toEqual([
      {
        name: 'slack test',
        level: 'error',
        detail: saying('Make a new incoming webhook and set SLACK_WEBHOOK_URL'),
        action: saying('planline doctor --send-test'),
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain('s3cr3t');
  });
});
