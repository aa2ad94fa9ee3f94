/** A real Chromium for tests, without a window. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './programs.ts';
import { CHROMIUM, missingPackage } from './system-packages.ts';
import { spawnTied } from './tied-process.ts';

/** Quiet, offline but for the test's own page, and without the sandbox that refuses to run as root. */
export const TEST_FLAGS: readonly string[] = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** With a profile of its own that goes again. It leaves when its pipe to this process closes. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(missingPackage(CHROMIUM));
  return await chromium.launch({ executablePath, args: [...TEST_FLAGS, ...flags] });
}

export interface DevToolsChromium {
  /** Its DevTools address, `http://127.0.0.1:PORT`. */
  readonly devtools: string;
  /** True once it has ended. */
  ended(): boolean;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const LISTENING = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//;
const START_TIMEOUT_MS = 60_000;

/** One that is driven from outside, with a profile in `folder`. It ends with the test process. */
export async function startChromium(
  folder: string,
  flags: readonly string[] = ['--headless=new'],
): Promise<DevToolsChromium> {
  const path = findChromium();
  if (path === null) throw new Error(missingPackage(CHROMIUM));
  const started = spawnTied(path, [
    ...TEST_FLAGS,
    ...flags,
    '--remote-debugging-port=0',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]);
  const port = (): string | undefined => LISTENING.exec(started.output())?.[1];
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  while (port() === undefined) {
    if (started.ended() || Date.now() > deadlineMs) {
      await started.stop();
      throw new Error(`Chromium did not start: ${started.output()}`);
    }
    await sleep(50);
  }
  return {
    devtools: `http://127.0.0.1:${port()}`,
    ended: () => started.ended(),
    stop: (signal) => started.stop(signal),
  };
}
