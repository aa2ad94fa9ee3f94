/**
 * Pictures of the dashboard for the README, from a real run of the rehearsal driver in a folder of its
 * own: `node scripts/screenshots.ts`. A lead of each kind is there: finished, under way, blocked by a
 * description that is too long, withdrawn.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Client } from '../test/support/client.ts';
import { z } from 'zod';
import { launchChromium } from '../test/support/chromium.ts';
import { freePort } from '../test/support/free-port.ts';
import { clientOf } from '../test/support/planline.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs', 'screenshots');
const VIEWPORT = { width: 1280, height: 800 };
/** Below the last thing that a picture shows whole. */
const FOOT = 14;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** The last thing that is shown. */
  readonly last: string;
}

/** Those that show leads under way come first: these finish soon. */
const picturesOf = (leadId: string): readonly Picture[] => [
  { name: 'system', path: '/system', last: '#leases' },
  { name: 'leads', path: '/leads', last: '#list .panel' },
  { name: 'lead', path: `/leads/${leadId}`, last: '#standing .way' },
];
const START_TIMEOUT_MS = 120_000;

const CLIENTS: readonly (readonly [status: string, description: string])[] = [
  [
    'flagged',
    'Volám sa Príklad Jeden, mám 34 rokov. Desať rokov účtujem vo výrobnej firme, rada by som prešla na dátovú analytiku. Viem Excel, trochu SQL. Mám 8 hodín týždenne.',
  ],
  [
    'flagged',
    'My name is Example Two, I am 27. I drove a delivery van for five years and want to become a network technician. Evenings only, about 10 hours a week.',
  ],
  [
    'flagged',
    'Ich heiße Beispiel Drei, bin 41 und arbeite als Krankenschwester. Ich möchte in die Medizininformatik wechseln. Sechs Stunden pro Woche.',
  ],
  ['flagged', 'A description that nobody would write by hand. '.repeat(40_000)],
  [
    'flagged',
    'Jmenuji se Příklad Čtyři, je mi 52 let, pracuji jako mistr v tiskárně. Chci se naučit programovat CNC stroje. Mám 12 hodin týdně.',
  ],
  [
    'flagged',
    'My name is Example Five, I am 23 and finished a degree in biology. I want to work in clinical data management; 15 hours a week.',
  ],
];

interface Daemon {
  readonly child: ChildProcess;
  readonly url: string;
  readonly client: Client;
}

async function until(read: () => string, pattern: RegExp): Promise<string> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const found = pattern.exec(read())?.[1];
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`The daemon did not print ${String(pattern)}:\n${read()}`);
}

async function startDaemon(cwd: string): Promise<Daemon> {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const env = {
    PATH,
    HOME,
    TMPDIR,
    LANG,
    DASHBOARD_PORT: String(await freePort()),
    LEAD_CONCURRENCY: '4',
    CHAT_CONCURRENCY: '1',
  };
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'daemon'], { cwd, env });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    const url = await until(() => printed, /Dashboard +(http\S+)/);
    return { child, url, client: await clientOf({ cwd, env: {} }) };
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  }
}

async function countOf(client: Client, status: string): Promise<number> {
  const found = await client
    .from('junior_leads')
    .select('id', { count: 'exact', head: true })
    .eq('status', status);
  return found.count ?? 0;
}

/** Leads as a day leaves them: the last two are still under way when the pictures are taken. */
async function fill({ client }: Daemon): Promise<void> {
  const insert = async ([status, description]: (typeof CLIENTS)[number]): Promise<void> => {
    const { error } = await client.from('junior_leads').insert({ status, description });
    if (error !== null) throw new Error(error.message);
  };
  for (const lead of CLIENTS.slice(0, 4)) await insert(lead);
  // The sample lead that a first start adds is finished as well.
  while ((await countOf(client, 'archived')) < 4) await sleep(500);
  for (const lead of CLIENTS.slice(4)) await insert(lead);
  while ((await countOf(client, 'plan_ready')) < 1) await sleep(500);
}

const idRow = z.object({ id: z.string() });

/** The last one that finished, which has everything to show, a name too: the sample lead has none. */
async function finishedId(client: Client): Promise<string> {
  const leads = client.from('junior_leads').select('id').eq('status', 'archived');
  const found = await leads.order('pipeline_updated_at', { ascending: false }).limit(1).single();
  return idRow.parse(found.data).id;
}

async function take(
  browser: Browser,
  url: string,
  { name, path, last }: Picture,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await browser.newContext({
    colorScheme,
    viewport: VIEWPORT,
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  await page.locator('#link', { hasText: 'Live' }).waitFor();
  const box = await page.locator(last).boundingBox();
  if (box === null) throw new Error(`${path} shows no ${last}`);
  await page.screenshot({
    path: join(target, `${name}-${colorScheme}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width: VIEWPORT.width, height: Math.ceil(box.y + box.height) + FOOT },
  });
  await context.close();
}

const cwd = await mkdtemp(join(tmpdir(), 'planline-screenshots-'));
await mkdir(target, { recursive: true });
const daemon = await startDaemon(cwd);
const browser = await launchChromium();
try {
  await fill(daemon);
  const leadId = await finishedId(daemon.client);
  for (const picture of picturesOf(leadId)) {
    await take(browser, daemon.url, picture, 'light');
    await take(browser, daemon.url, picture, 'dark');
  }
} finally {
  await browser.close();
  daemon.child.kill('SIGTERM');
  await once(daemon.child, 'close');
  await rm(cwd, { recursive: true, force: true, maxRetries: 20 });
}
