/** The `desktop` driver while another process has keyboard and screen: no screen is needed for that. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDesktopDriver } from '../../src/adapters/chat/desktop/driver.ts';
import type { ChatDriver } from '../../src/ports.ts';
import { machineClock } from '../support/chat-clock.ts';
import { startAsking } from '../support/chat-desktop.ts';
import { startContender } from '../support/contender.ts';
import { anyString } from '../support/matchers.ts';
import { recordingLog } from '../support/recording-log.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { chatErrorFrom, chatRequest } from './chat-driver-suite.ts';

const never = new AbortController().signal;

interface Desk {
  readonly lock: string;
  readonly driver: ChatDriver;
}

/** As on macOS, where doctor looks for no programs of X11. */
async function openDesk(): Promise<Desk> {
  const home = await tempFolder();
  const driver = createDesktopDriver({
    chatUrl: 'http://127.0.0.1:9/',
    home,
    windowTitle: null,
    // Nobody is waited for.
    timeoutMs: 0,
    timeZone: 'UTC',
    clock: machineClock,
    log: recordingLog(),
    platform: 'darwin',
  });
  onTestFinished(() => driver.close());
  return { lock: join(home, 'desktop-screen.lock'), driver };
}

describe('a desk that another process has', () => {
  it('is well for doctor, which says who has it and waits for nobody', async () => {
    const { lock, driver } = await openDesk();
    const other = startContender();
    expect(await other.ask({ take: lock })).toEqual({ held: true });
    expect(await driver.check(never)).toEqual([
      { name: 'Desktop: screen', level: 'ok', detail: 'darwin', action: null },
      {
        name: 'ChatGPT (desktop)',
        level: 'ok',
        detail: `process ${other.pid} has it: a contender; the page was not looked at`,
        action: null,
      },
    ]);
    // It did not take it away either.
    expect(await other.ask({ release: true })).toEqual({ held: false });
  });

  it('gets no prompt, and the error names the process', async () => {
    const { lock, driver } = await openDesk();
    const other = startContender();
    await other.ask({ take: lock });
    const error = await chatErrorFrom(startAsking(driver, chatRequest('Later.')).reply);
    expect(error.code).toBe('needs_operator');
    expect(error.message).toContain(`taken by process ${other.pid}, a contender`);
  });
});

describe('a folder in which no lock can be kept', () => {
  it('is named by doctor and by a prompt, with what to do', async () => {
    const { lock, driver } = await openDesk();
    await writeFile(lock, 'a file where a folder should be');
    const detail: unknown = expect.stringMatching(/No lock can be kept.*Set PLANLINE_HOME/);
    const [, finding] = await driver.check(never);
    expect(finding).toMatchObject({ level: 'error', detail, action: anyString() });
    const error = await chatErrorFrom(startAsking(driver, chatRequest('Nowhere.')).reply);
    expect(error).toMatchObject({ code: 'needs_operator', message: detail });
  });
});
