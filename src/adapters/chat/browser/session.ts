/** What the parts of the driver share: settings, the connection, our tab. */
import { ChatError } from '../../../core/errors.ts';
import type { Clock, Log } from '../../../ports.ts';
import type { Lock } from '../../disk/process-lock.ts';
import { unreachableError } from './chrome/connect.ts';
import type { ChromeAddress } from './chrome/endpoint.ts';
import { takeTab } from './find-tab.ts';
import { leaseTab } from './lease.ts';
import { type BrowserSettings, CHAT_URL, type Timings, timingsOf } from './settings.ts';
import type { Tab } from './tab.ts';

export interface Session {
  readonly chatUrl: string;
  readonly profileDir: string;
  readonly timeoutMs: number;
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings: Timings;
  /** How often the page has throttled in a row; back to 0 with an answer. */
  throttles: number;
  /** What only a person can settle, although the page may not show it any more; null when nothing. */
  alarm: string | null;
  /** Words that name the account, to be kept out of evidence. */
  readonly accountWords: Set<string>;
  readonly address: ChromeAddress;
  /** Our tab, connected and leased. Throws ChatError `needs_operator`. */
  tab(): Promise<Tab>;
  /** The tab if there is one just now. */
  presentTab(): Tab | null;
  /** Lets go of a tab that is lost; the next call of `tab` finds or opens another. */
  drop(tab: Tab): Promise<void>;
  /** Disconnects. Chrome and its tabs stay as they are. */
  close(): Promise<void>;
}

export function createSession(settings: BrowserSettings): Session {
  const { cdpUrl, profileDir, timeoutMs, timeZone, clock, log } = settings;
  const timings = timingsOf(settings);
  const address: ChromeAddress = { cdpUrl, profileDir, connectMs: timings.connectMs };
  let lock: Lock | null = null;
  let current: Tab | null = null;

  return {
    chatUrl: settings.chatUrl ?? CHAT_URL,
    profileDir,
    address,
    timeoutMs,
    timeZone,
    clock,
    log,
    timings,
    throttles: 0,
    alarm: null,
    accountWords: new Set(),
    async tab() {
      lock ??= await leaseTab(profileDir);
      if (current?.isUsable() === true) return current;
      await current?.disconnect();
      current = null;
      try {
        current = await takeTab(address, { clock, log, timings });
      } catch (error) {
        throw error instanceof ChatError ? error : unreachableError(error);
      }
      return current;
    },
    presentTab: () => current,
    async drop(tab) {
      if (current === tab) current = null;
      await tab.close();
    },
    async close() {
      await current?.disconnect();
      await lock?.release();
      current = null;
      lock = null;
    },
  };
}
