/** A screen of its own for a test: an X server, a light window manager and a browser that shows a page. */
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_FLAGS } from './chromium.ts';
import { findChromium } from './programs.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

export interface Desktop {
  /** What programs on this screen need. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Runs a program on this screen and gives what it prints. */
  run(program: string, args: readonly string[], input?: string | Buffer): Promise<Buffer>;
  /** Starts another program on this screen, which ends with it. */
  start(program: string, args: readonly string[]): TiedProcess;
  /** Opens another browser window with a profile of its own. */
  browse(url: string): Promise<TiedProcess>;
  stop(): Promise<void>;
}

const SIZE = '1280x900x24';
const BROWSER_FLAGS = [
  ...TEST_FLAGS,
  '--no-default-browser-check',
  '--disable-features=Translate',
  '--password-store=basic',
  '--window-position=0,0',
  '--window-size=1270,890',
];
const START_LIMIT_MS = 30_000;

export async function startDesktop(url: string): Promise<Desktop> {
  const folder = await mkdtemp(join(tmpdir(), 'planline-desktop-'));
  // It takes the first free number and prints it.
  const screen = spawnTied('Xvfb', ['-displayfd', '1', '-screen', '0', SIZE, '-noreset']);
  const display = await until(() => /^(\d+)$/m.exec(screen.output())?.[1] ?? null, 'the X server');
  const environment = {
    ...process.env,
    DISPLAY: `:${display}`,
    XDG_SESSION_TYPE: 'x11',
    WAYLAND_DISPLAY: undefined,
    // Chromium's own folders; the machine's settings are none of a test's business.
    HOME: folder,
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  };
  const started: TiedProcess[] = [];
  const start = (program: string, args: readonly string[]): TiedProcess => {
    const process_ = spawnTied(program, args, { env: environment });
    started.push(process_);
    return process_;
  };
  const run = (program: string, args: readonly string[], input?: string | Buffer) =>
    output(program, args, environment, input);

  let profiles = 0;
  async function browse(address: string): Promise<TiedProcess> {
    profiles += 1;
    const profile = join(folder, `profile-${profiles}`);
    const before = await countWindows(run);
    const browser = start(findChromium() ?? 'chromium', [
      ...BROWSER_FLAGS,
      `--user-data-dir=${profile}`,
      address,
    ]);
    await until(async () => ((await countWindows(run)) > before ? true : null), 'the browser');
    return browser;
  }

  start('openbox', []);
  await until(async () => ((await succeeds(run, 'wmctrl', ['-l'])) ? true : null), 'openbox');
  await browse(url);
  return {
    environment,
    run,
    start,
    browse,
    async stop() {
      for (const one of started.toReversed()) await one.stop();
      await screen.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Run = Desktop['run'];

async function countWindows(run: Run): Promise<number> {
  const listed = await run('wmctrl', ['-lx']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter((line) => /\.Chromium\s/i.test(line)).length;
}

async function succeeds(run: Run, program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

function output(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string | Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, bytes: Buffer): void => {
      if (error === null) resolve(bytes);
      else reject(error);
    };
    const options = { env, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
    const child = execFile(program, args, options, done);
    // A program that ends without reading says so by its exit.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

async function until<T>(look: () => T | null | Promise<T | null>, what: string): Promise<T> {
  const endMs = Date.now() + START_LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > endMs) throw new Error(`${what} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the operator has on the clipboard, by its target: `UTF8_STRING`, `image/png` … */
export async function readClipboard(desktop: Desktop, target = 'UTF8_STRING'): Promise<Buffer> {
  return await desktop.run('xclip', ['-selection', 'clipboard', '-o', '-t', target]);
}

export async function writeClipboard(
  desktop: Desktop,
  content: string | Buffer,
  target = 'UTF8_STRING',
): Promise<void> {
  // xclip stays behind to serve it: with a stream of ours it would hold us up.
  const command = 'xclip -selection clipboard -i -t "$1" >/dev/null 2>&1';
  await desktop.run('sh', ['-c', command, 'sh', target], content);
}
