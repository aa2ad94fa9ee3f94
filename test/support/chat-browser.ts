/** The `browser` driver, a Chromium of its own and the page that it drives, for tests. */
import {
  type BrowserSettings,
  createBrowserDriver,
  type Timings,
} from '../../src/adapters/chat/browser/driver.ts';
import type { ChatDriver } from '../../src/ports.ts';
import { machineClock } from './chat-clock.ts';
import { type ChatPage, type ChatPageOptions, startChatPage } from './chat-page.ts';
import { type DevToolsChromium, startChromium } from './chromium.ts';
import { recordingLog } from './recording-log.ts';
import { makeTempFolder } from './temp-folder.ts';

/** As long as the page's faults last, and no longer. */
export const SHORT_TIMINGS: Partial<Timings> = {
  pollMs: 60,
  callMs: 5_000,
  openMs: 8_000,
  historyMs: 600,
  scrollMs: 500,
  composeMs: 1_500,
  resendMs: 400,
  takeMs: 5_000,
  confirmMs: 700,
  addressMs: 2_000,
  stableMs: 900,
  quietMs: 2_500,
  reloadMs: 3_500,
  reconnectMs: 8_000,
  copyMs: 1_200,
  copyAgainMs: 50,
  evidenceMs: 4_000,
  loginPollMs: 50,
};

export function browserSettings(
  page: Pick<ChatPage, 'url'>,
  profileDir: string,
  timings: Partial<Timings> = {},
): BrowserSettings {
  return {
    chatUrl: page.url,
    cdpUrl: null,
    profileDir,
    chromePath: null,
    timeoutMs: 20_000,
    timeZone: 'Europe/Bratislava',
    clock: machineClock,
    log: recordingLog(),
    timings: { ...SHORT_TIMINGS, ...timings },
  };
}

export interface BrowserRig {
  readonly chromium: DevToolsChromium;
  readonly profileDir: string;
  /** A page and a driver for it; the driver of a test before must have been closed. */
  open(options: ChatPageOptions, settings?: Partial<BrowserSettings>): Promise<OpenRig>;
  driver(page: ChatPage, settings?: Partial<BrowserSettings>): ChatDriver;
  stop(): Promise<void>;
}

export interface OpenRig {
  readonly page: ChatPage;
  readonly driver: ChatDriver;
  close(): Promise<void>;
}

export async function startBrowserRig(): Promise<BrowserRig> {
  const folder = await makeTempFolder();
  const chromium = await startChromium(folder.path);
  const rig: BrowserRig = {
    chromium,
    profileDir: folder.path,
    driver: (page, settings = {}) =>
      createBrowserDriver({ ...browserSettings(page, folder.path), ...settings }),
    async open(options, settings = {}) {
      const page = await startChatPage(options);
      const driver = rig.driver(page, settings);
      return {
        page,
        driver,
        async close() {
          await driver.close();
          await page.stop();
        },
      };
    },
    async stop() {
      await chromium.stop();
      await folder.remove();
    },
  };
  return rig;
}
