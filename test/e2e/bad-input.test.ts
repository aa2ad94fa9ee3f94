/** What bad input gets: one clear message that says what to do, nothing lost, nothing half-written. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SupabaseClient } from '@supabase/supabase-js';
import { migrationsDir, templatesDir } from '../../src/package-root.ts';
import { applyMigrations, readMigrations } from '../../src/adapters/embedded/migrations.ts';
import { MAX_DESCRIPTION_CHARS } from '../../src/steps/input-transform.ts';
import { isTemporary } from '../../src/adapters/disk/temporary.ts';
import { connectAdmin, withSession } from '../support/admin-sql.ts';
import { BAD_REPLIES, badAnswers, caseOf } from '../support/bad-replies.ts';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { describeOnPostgres } from '../support/on-postgres.ts';
import { clientOf, run, start, type Place, type RunningPlanline } from '../support/planline.ts';
import { postgrestUnavailable, startPostgrest, type TestPostgrest } from '../support/postgrest.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { isOneMessage, logOf, refused } from '../support/refusals.ts';
import { makeTempFolder, tempFolder } from '../support/temp-folder.ts';
import { closedPort } from '../support/webhook.ts';

const emptyPlace = async (env: Record<string, string> = {}): Promise<Place> => ({
  cwd: await tempFolder(),
  env,
});

const TOO_LONG = 'I like to learn. '.repeat(Math.ceil(MAX_DESCRIPTION_CHARS / 17) + 1);

const DESCRIPTIONS = [
  { what: 'empty', text: '', says: /the description is empty; write into it who the client is/ },
  {
    what: 'white space',
    text: ' \n\t\u200B\u00A0',
    says: /the description is empty; write into it/,
  },
  {
    what: 'too long',
    text: TOO_LONG,
    says: /the description has \d+ characters, at most 100000 can be read; shorten it/,
  },
];

describe('before anything is opened', () => {
  it('add refuses a description that cannot be used, and leaves no trace', async () => {
    const place = await emptyPlace();
    for (const { what, text, says } of DESCRIPTIONS) {
      await writeFile(join(place.cwd, 'client.txt'), text);
      const added = await run(place, 'add', '--description-file', 'client.txt');
      expect(added, what).toEqual(refused(says));
      expect(isOneMessage(added.stderr)).toBe(true);
    }
    expect(await run(place, 'add', '--description-file', 'nowhere.txt')).toEqual(
      refused(/The description cannot be read: .*nowhere\.txt/),
    );
    expect(await readdir(place.cwd)).toEqual(['client.txt']);
  });

  it('names every bad setting of .env, and none of their values', async () => {
    const place = await emptyPlace();
    await writeFile(
      join(place.cwd, '.env'),
      'BLOCK_COUNT=fifteen\nSWEEP_TZ=Mars/Base\nCHAT_DRIVER=magic\nSMTP_URL=smtp://me:s3cret@host\n' +
        'SUPABASE_URL=https://x.supabase.co\nSUPABASE_SECRET_KEY="sb_secret_of one\nand another"\n',
    );
    for (const command of ['daemon', 'sweep', 'status']) {
      const { code, stderr } = await run(place, command);
      expect(code).toBe(2);
      expect(isOneMessage(stderr)).toBe(true);
      for (const name of [
        'BLOCK_COUNT',
        'SWEEP_TZ',
        'CHAT_DRIVER',
        'SMTP_URL',
        'SUPABASE_SECRET_KEY',
      ]) {
        expect(stderr).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      }
      expect(stderr).toMatch(/\.env\.example/);
      expect(stderr).not.toMatch(/s3cret|sb_secret|another/);
    }
    expect(await readdir(place.cwd)).toEqual(['.env']);
  });

  it.each(['taken', 'taken/home'])('says that PLANLINE_HOME=%s is no folder', async (home) => {
    const place = await emptyPlace({ PLANLINE_HOME: home });
    await writeFile(join(place.cwd, 'taken'), 'a file');
    for (const command of ['sweep', 'status']) {
      const ended = await run(place, command);
      expect(ended).toEqual(refused(/Set PLANLINE_HOME to a folder that is yours to write/));
      expect(isOneMessage(ended.stderr)).toBe(true);
    }
    expect(await run(place, '--help')).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(place.cwd, 'taken'), 'utf8')).toBe('a file');
  });

  it('names file and line of a template that cannot be used, for daemon and sweep', async () => {
    const place = await emptyPlace({ PROMPTS_DIR: 'mine' });
    const folder = join(place.cwd, 'mine');
    await cp(templatesDir, folder, { recursive: true });
    await writeFile(join(folder, 'block.txt'), 'Write about\n[BLOK]\nfor [PROFIL].\n');
    for (const command of ['daemon', 'sweep']) {
      const ended = await run(place, command);
      expect(ended).toEqual(
        refused(
          /mine.* block\.txt, line 3: \[PROFIL\] is not a placeholder; did you mean \[PROFILE\]\?/,
        ),
      );
      expect(isOneMessage(ended.stderr)).toBe(true);
    }
    await rm(join(folder, 'block.txt'));
    expect(await run(place, 'sweep')).toEqual(
      refused(/block\.txt is not there\. Put it back, or unset PROMPTS_DIR/),
    );
    expect(await readdir(place.cwd)).toEqual(['mine']);
  });
});

const leadRows = z.array(
  z.object({ id: z.string(), status: z.string(), last_error: z.string().nullable() }),
);
type LeadRow = z.infer<typeof leadRows>[number];

describe('a daemon that works on', () => {
  let place: Place;
  let server: ChatServer;
  let daemon: RunningPlanline;
  let client: SupabaseClient;
  let removeFolder: () => Promise<void>;
  let isMended = false;
  /** Id of each lead, by what is bad about it. */
  const ids = new Map<string, string>();

  const idOf = (name: string): string => ids.get(name) ?? '';
  const leads = () => client.from('junior_leads');

  async function rowsAtRest(wanted: readonly string[]): Promise<LeadRow[]> {
    for (;;) {
      const { data } = await leads().select('id,status,last_error').in('id', wanted);
      const rows = leadRows.parse(data);
      if (rows.every(({ status }) => status === 'blocked' || status === 'archived')) return rows;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function add(name: string, description: string): Promise<void> {
    const { data } = await leads()
      .insert({ description, status: 'flagged' })
      .select('id,status,last_error');
    ids.set(name, leadRows.parse(data)[0]?.id ?? '');
  }

  async function rowOf(name: string): Promise<LeadRow | undefined> {
    return (await rowsAtRest([idOf(name)]))[0];
  }

  /** Files of the lead's only run, relative to its folder. */
  async function filesOf(name: string): Promise<string[]> {
    const folder = join(place.cwd, 'runs', idOf(name));
    const runId = (await readdir(folder)).find((one) => /^\d{8}_\d{6}$/.test(one)) ?? '';
    return (await readdir(join(folder, runId), { recursive: true })).map((path) =>
      join(folder, runId, path),
    );
  }

  beforeAll(async () => {
    server = await startChatServer({ answers: badAnswers(() => isMended) });
    const folder = await makeTempFolder();
    removeFolder = folder.remove;
    await cp(templatesDir, join(folder.path, 'mine'), { recursive: true });
    place = {
      cwd: folder.path,
      env: {
        CHAT_DRIVER: 'openai',
        OPENAI_API_KEY: 'test-key',
        OPENAI_BASE_URL: server.url,
        BLOCK_COUNT: '2',
        MAX_RETRIES: '0',
        MAX_REPAIRS: '0',
        LEAD_CONCURRENCY: '4',
        PROMPTS_DIR: 'mine',
      },
    };
    daemon = start(place, 'daemon');
    await daemon.until(/Waiting for leads/);
    client = await clientOf(place);
    for (const { what, text } of DESCRIPTIONS) await add(what, text);
    for (const bad of BAD_REPLIES) await add(bad.name, `${ENGLISH} ${caseOf(bad)}`);
    await rowsAtRest([...ids.values()]);
  });
  afterAll(async () => {
    await daemon.kill('SIGKILL');
    await server.stop();
    await removeFolder();
  });

  it.each(DESCRIPTIONS)('blocks a lead whose description is $what', async ({ what, says }) => {
    const row = await rowOf(what);
    expect(row?.status).toBe('blocked');
    expect(row?.last_error).toMatch(says);
    expect(row?.last_error).toMatch(/then set the status to flagged again$/);
    const { data } = await client
      .from('pipeline_events')
      .select('type')
      .eq('lead_id', idOf(what))
      .order('seq');
    expect(data).toEqual([
      { type: 'lead.flagged' },
      { type: 'lead.claimed' },
      { type: 'lead.blocked' },
    ]);
  });

  it.each(BAD_REPLIES)(
    'blocks a lead for $name, and keeps the reply',
    async ({ name, step, reply, says }) => {
      const row = await rowOf(name);
      expect(row?.status).toBe('blocked');
      expect(row?.last_error).toMatch(says);
      const files = await filesOf(name);
      const rejected = files.filter((path) => path.includes(join('rejected', `${step}_`)));
      // Of an empty reply there is nothing to keep.
      expect(rejected.length > 0).toBe(reply !== '');
      for (const path of rejected) {
        expect((await readFile(path, 'utf8')).trim()).toBe(reply.trim());
      }
      expect(/the reply is kept as rejected\/\w+\.txt/.test(row?.last_error ?? '')).toBe(
        reply !== '',
      );
      // Nothing half-written: no temporary file, no page, and the reply is nowhere taken for a good one.
      expect(files.filter((path) => isTemporary(path.split(/[\\/]/).at(-1) ?? ''))).toEqual([]);
      const pages = await client
        .from('client_learning_pages')
        .select('*')
        .eq('client_id', idOf(name));
      expect(pages.data).toEqual([]);
    },
  );

  it('takes no id that leads elsewhere', async () => {
    const id = '../../etc';
    await writeFile(join(place.cwd, 'client.txt'), ENGLISH);
    await mkdir(join(place.cwd, 'pages'), { recursive: true });
    const before = await readdir(join(place.cwd, 'runs'));
    const commands = [
      ['status', id],
      ['status', id, '--json'],
      ['flag', id],
      ['events', id],
      ['verify', id],
      ['rebuild', id],
      ['upload', id, '--directory', 'pages'],
      ['add', '--description-file', 'client.txt', '--id', id],
    ];
    await Promise.all(
      commands.map(async (command) => {
        const ended = await run(place, ...command);
        expect(ended, command.join(' ')).toEqual(refused(/\.\.\/\.\.\/etc/));
        expect(isOneMessage(ended.stderr)).toBe(true);
      }),
    );
    expect(await readdir(join(place.cwd, 'runs'))).toEqual(before);
    expect((await readdir(place.cwd)).toSorted()).toEqual(
      ['.planline', 'client.txt', 'mine', 'pages', 'runs'].toSorted(),
    );
  });

  it.each(['daemon', 'sweep'])(
    'is the only one of its home: a second %s names its pid',
    async (command) => {
      const second = await run(place, command);
      expect(second).toEqual(refused(new RegExp(`process ${daemon.child.pid}, planline daemon`)));
      expect(second.stderr).toMatch(/stop it first; .*set PLANLINE_HOME/);
      expect(isOneMessage(second.stderr)).toBe(true);
    },
  );

  it('blocks by a template that broke meanwhile, and resumes once it is mended', async () => {
    const template = join(place.cwd, 'mine', 'html_transform.txt');
    const good = await readFile(template, 'utf8');
    const name = 'page-prose';
    const files = await filesOf(name);
    await writeFile(template, good.replace('[OBSAH]', '[OBSAH] [OBSA]'));
    await run(place, 'flag', idOf(name));
    const row = await rowOf(name);
    expect(row?.status).toBe('blocked');
    expect(row?.last_error).toMatch(
      /html_transform\.txt, line \d+: \[OBSA\] is not a placeholder; did you mean/,
    );
    // Another lead is not held up by it for ever, nor begun with it.
    await writeFile(template, good);
    const asked = server.requests().length;
    isMended = true;
    await run(place, 'flag', idOf(name));
    expect(await rowOf(name)).toMatchObject({ status: 'archived', last_error: null });
    // Only the two pages: profile, plan and lessons were answered before.
    expect(server.requests().length - asked).toBe(2);
    expect(await filesOf(name)).toEqual(expect.arrayContaining(files));
  });

  it('finishes every blocked lead once its cause is mended, and asks nothing answered again', async () => {
    isMended = true;
    const asked = server.requests().length;
    for (const { what } of DESCRIPTIONS) {
      await leads().update({ description: ENGLISH, status: 'flagged' }).eq('id', idOf(what));
    }
    const flagged = await run(
      place,
      'flag',
      ...BAD_REPLIES.map(({ name }) => idOf(name)).filter((id) => id !== idOf('page-prose')),
    );
    expect(flagged.code).toBe(0);
    const rows = await rowsAtRest([...ids.values()]);
    expect(rows.map(({ status, last_error }) => ({ status, last_error }))).toEqual(
      rows.map(() => ({ status: 'archived', last_error: null })),
    );
    // What was answered stays: a profile and a plan once, then a lesson and a page for each block.
    const prompts = { input_transform: 6, plan: 5, stage2: 4, stage3: 0 };
    const missing = BAD_REPLIES.reduce((sum, { step }) => sum + prompts[step], 0);
    expect(server.requests().length - asked).toBe(missing + DESCRIPTIONS.length * 6);
    const verify = await run(place, 'verify', '--json');
    const verified = z
      .array(z.object({ problems: z.array(z.string()) }))
      .parse(JSON.parse(verify.stdout));
    expect(verified).toHaveLength(ids.size);
    expect(verified.flatMap(({ problems }) => problems)).toEqual([]);
    const { count } = await client
      .from('client_learning_pages')
      .select('*', { count: 'exact', head: true });
    expect(count).toBe(2 * ids.size);
    const end = await daemon.kill('SIGTERM');
    expect(end.code).toBe(0);
    expect(end.stdout + end.stderr + (await logOf(place))).not.toContain('test-key');
  });
});

describeOnPostgres(
  'a Supabase project',
  () => {
    let postgres: TestPostgres;
    let migrated: TestPostgrest;
    let bare: TestPostgrest;
    let databaseUrl: string;

    beforeAll(async () => {
      postgres = await startPostgres();
      databaseUrl = await postgres.createDatabase('planline');
      await withSession(databaseUrl, async (session) =>
        applyMigrations(session, await readMigrations(migrationsDir)),
      );
      migrated = await startPostgrest({ databaseUrl });
      bare = await startPostgrest({ databaseUrl: await postgres.createDatabase('bare') });
    });
    afterAll(async () => {
      await migrated.stop();
      await bare.stop();
      await postgres.stop();
    });

    async function placeOf(url: string, key: string): Promise<Place> {
      const place = await emptyPlace({
        SUPABASE_URL: url,
        SUPABASE_SECRET_KEY: key,
        CHAT_DRIVER: 'rehearsal',
      });
      await writeFile(join(place.cwd, 'client.txt'), ENGLISH);
      return place;
    }

    const COMMANDS = [
      ['status'],
      ['add', '--description-file', 'client.txt'],
      ['sweep'],
      ['daemon'],
    ];

    /** Each command ends with exit code 2 and one message; returns all that was printed and logged. */
    async function allRefuse(place: Place, says: RegExp): Promise<string> {
      // Each in a home of its own, as two of them want the lock; two at a time, as there are two cores.
      const homes = COMMANDS.map((command, index) => ({
        command,
        place: { ...place, env: { ...place.env, PLANLINE_HOME: `home-${index}` } },
      }));
      const said: string[] = [];
      for (const pair of [homes.slice(0, 2), homes.slice(2)]) {
        await Promise.all(
          pair.map(async ({ command, place: own }) => {
            const ended = await run(own, ...command);
            expect(ended, command[0]).toEqual(refused(says));
            expect(isOneMessage(ended.stderr)).toBe(true);
            said.push(ended.stderr, await logOf(own));
          }),
        );
      }
      return said.join('\n');
    }

    it.each([
      { what: 'a key that it does not know', key: () => 'sb_secret_of_another_project_0123456789' },
      { what: 'the key that everybody has', key: () => migrated.anonKey },
    ])('given $what: the message names SUPABASE_SECRET_KEY, and never the key', async ({ key }) => {
      const place = await placeOf(migrated.url, key());
      const said = await allRefuse(place, /refused the key\. Check SUPABASE_SECRET_KEY/);
      expect(said).not.toContain(key());
      const doctor = await run(place, 'doctor');
      expect(doctor).toMatchObject({ code: 1, stderr: '' });
      expect(doctor.stdout).toMatch(/✘ database .*SUPABASE_SECRET_KEY/);
      expect(doctor.stdout).not.toContain(key());
    });

    it('without the migrations: the message says how to put them there', async () => {
      const place = await placeOf(bare.url, bare.serviceKey);
      const said = await allRefuse(place, /npx supabase db push, or paste the output of/);
      expect(said).toContain('planline db sql');
    });

    it('that is none: the message names SUPABASE_URL', async () => {
      const website = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Hello');
      });
      await new Promise<void>((resolve) => {
        website.listen(0, '127.0.0.1', resolve);
      });
      onTestFinished(() => {
        website.closeAllConnections();
        website.close();
      });
      // A TCP server's address is never a pipe's name.
      const { port } = website.address() as AddressInfo;
      const place = await placeOf(`http://127.0.0.1:${port}`, migrated.serviceKey);
      const said = await allRefuse(place, /Check that it is the API URL of the project/);
      expect(said).not.toContain('Hello');
    });

    it('that does not answer: status and sweep say so and end, the daemon says so and waits', async () => {
      const place = await placeOf(`http://127.0.0.1:${await closedPort()}`, 'sb_secret_x');
      const daemon = start(place, 'daemon');
      const says =
        /the database cannot be reached just now \(connect ECONNREFUSED [^\n]+check SUPABASE_URL and the network/;
      await daemon.until(says);
      // They share no lock with the daemon.
      const elsewhere = { ...place, env: { ...place.env, PLANLINE_HOME: 'other' } };
      const [status, sweep] = await Promise.all([
        run(elsewhere, 'status'),
        run(elsewhere, 'sweep'),
      ]);
      expect(status).toEqual({ ...refused(says), code: 1 });
      expect(isOneMessage(status.stderr)).toBe(true);
      expect(sweep.stderr).toMatch(says);
      expect(isOneMessage(sweep.stderr)).toBe(true);
      expect(sweep.code).toBe(1);
      await daemon.until(/Waiting for leads/);
      const end = await daemon.kill('SIGTERM');
      expect(end).toMatchObject({ code: 0, stderr: '' });
      expect(end.stdout).not.toMatch(/\n\s+at /);
    });

    it('with a column that planline cannot fill: the message tells nothing of the client', async () => {
      const admin = connectAdmin(databaseUrl);
      onTestFinished(() => admin.end());
      await admin.query('alter table public.junior_leads add column email text not null');
      const place = await placeOf(migrated.url, migrated.serviceKey);
      const added = await run(place, 'add', '--description-file', 'client.txt');
      expect(added).toEqual(refused(/"email".*Give columns of your own a default/));
      expect(isOneMessage(added.stderr)).toBe(true);
      expect(added.stderr + (await logOf(place))).not.toMatch(/restaurants|front-end/);
      expect(await admin.query('select id from public.junior_leads')).toEqual([]);
    });
  },
  postgrestUnavailable(),
);
