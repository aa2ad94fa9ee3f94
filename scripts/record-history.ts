/**
 * Records histories for test/fixtures/histories by real runs of this build: the embedded database, the
 * OpenAI driver, and a chat server that can be made to answer badly. A history that is stored stays as
 * it is: it stands for the build that wrote it.
 *
 *   node scripts/record-history.ts               which histories there are, and which are missing
 *   node scripts/record-history.ts NAME…         records those; `all` records every missing one
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepOfPrompt } from '../src/adapters/chat/rehearsal/recognise.ts';
import { startEmbedded, type Embedded } from '../src/adapters/embedded/embedded.ts';
import { loadConfig, type Variables } from '../src/config.ts';
import { UNARMED } from '../src/core/crash-points.ts';
import { EVENT_VERSION, type StoredEnvelope } from '../src/core/events.ts';
import { migrationsDir } from '../src/package-root.ts';
import { forgetLead } from '../src/shell/forget.ts';
import { pruneLead } from '../src/shell/prune.ts';
import { sweep } from '../src/shell/sweep.ts';
import { openDatabase, openLog, openWorkshop } from '../src/wire.ts';
import { rehearse, startChatServer } from '../test/support/chat-server.ts';
import { ENGLISH } from '../test/support/descriptions.ts';
import { SCENARIOS, type RecordedLead, type Scenario } from './history-scenarios.ts';

const FOLDER = join(import.meta.dirname, '../test/fixtures/histories', `v${EVENT_VERSION}`);
const BLOCKS = 2;

function pathOf(name: string): string {
  return join(FOLDER, `${name}.jsonl`);
}

/** Answers as a rehearsal does, but what the scenario has answered badly; a repair gets what it held back. */
function answersOf({ bad }: Scenario, onAsk: (prompt: string) => Promise<void>) {
  let left = bad?.times ?? 0;
  let heldBack = '';
  return async (prompt: string): Promise<string> => {
    await onAsk(prompt);
    const isRepair = prompt.startsWith('Your last answer cannot be used');
    const good = isRepair ? heldBack : rehearse(prompt);
    if (bad === undefined || left === 0) return good;
    if (!isRepair && stepOfPrompt(prompt) !== bad.step) return good;
    left -= 1;
    heldBack = good;
    return bad.answer;
  };
}

/** Where Slack would be. */
async function startSlack(status: number): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(status === 200 ? 'ok' : 'no'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/services/T/B/x`, stop: () => void server.close() };
}

async function openHistory(folder: string, embedded: Embedded, variables: Variables) {
  const config = loadConfig({
    PLANLINE_HOME: join(folder, 'home'),
    RUNS_DIR: join(folder, 'runs'),
    SUPABASE_URL: embedded.url,
    SUPABASE_SECRET_KEY: embedded.secretKey,
    CHAT_DRIVER: 'openai',
    OPENAI_API_KEY: 'test-key',
    BLOCK_COUNT: String(BLOCKS),
    MAX_RETRIES: '0',
    LOG_LEVEL: 'error',
    ...variables,
  });
  const log = openLog(config, process.stderr, false);
  const database = await openDatabase(config, log);
  const never = new AbortController().signal;
  const workshop = await openWorkshop(config, database, log, {
    crash: UNARMED,
    progress: () => undefined,
    abort: never,
    stopping: never,
  });
  return {
    database,
    retentionDeps: { ...workshop.shell, daemon: workshop.shell.options.daemon },
    sweep: async () => void (await sweep(workshop.daemon, { abort: never, stopping: never })),
    async close() {
      await workshop.close();
      await database.close();
      await log.close();
    },
  };
}

async function record(scenario: Scenario, folder: string): Promise<readonly StoredEnvelope[]> {
  const embedded = await startEmbedded({
    home: join(folder, 'database'),
    migrationsDir,
    log: openLog(loadConfig({ PLANLINE_HOME: folder }), process.stderr, false),
  });
  let during = scenario.during;
  let lead: RecordedLead | null = null;
  const server = await startChatServer({
    answers: answersOf(scenario, async (prompt) => {
      if (lead === null || during === undefined || stepOfPrompt(prompt) !== during.step) return;
      const { act } = during;
      during = undefined;
      await act(lead);
    }),
  });
  const slack = scenario.slack === undefined ? null : await startSlack(scenario.slack);
  const history = await openHistory(folder, embedded, {
    OPENAI_BASE_URL: server.url,
    ...(slack === null ? {} : { SLACK_WEBHOOK_URL: slack.url }),
  });
  try {
    const id = await history.database.directory.add({ description: ENGLISH });
    lead = {
      sweep: history.sweep,
      async set(columns) {
        const assignments = Object.keys(columns).map((name, index) => `${name} = $${index + 2}`);
        await embedded.sql(
          `update public.junior_leads set ${assignments.join(', ')} where id::text = $1`,
          [id, ...Object.values(columns)],
        );
      },
      async prune() {
        await pruneLead(id, history.retentionDeps, { beforeMs: Infinity, isDryRun: false });
      },
      async forget() {
        await forgetLead({ ...history.retentionDeps, copyLog: null }, id, 'hand:test');
      },
      async remove() {
        await embedded.sql('delete from public.junior_leads where id::text = $1', [id]);
      },
    };
    await scenario.happens(lead);
    return await history.database.store.read(id, 0);
  } finally {
    await history.close();
    slack?.stop();
    await server.stop();
    await embedded.stop();
  }
}

async function recordInto(name: string, scenario: Scenario): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'planline-history-'));
  try {
    await mkdir(join(folder, 'database'));
    const events = await record(scenario, folder);
    await mkdir(FOLDER, { recursive: true });
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    await writeFile(pathOf(name), lines.join(''), { flag: 'wx' });
    process.stdout.write(`${name}: ${events.length} events recorded\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const isWanted = names.includes('all') || names.includes(name);
  if (existsSync(pathOf(name))) process.stdout.write(`${name}: stored\n`);
  else if (isWanted) await recordInto(name, scenario);
  else process.stdout.write(`${name}: missing\n`);
}
const unknown = names.filter((name) => name !== 'all' && !(name in SCENARIOS));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no scenario ${unknown.join(', ')}: see scripts/history-scenarios.ts\n`,
  );
  process.exitCode = 2;
}
// realtime-js keeps a timer of ten seconds after a disconnect.
process.exit();
