/** Settings of the `browser` driver, and how long it waits for what. */
import type { Clock, Log } from '../../../ports.ts';

export interface BrowserSettings {
  /** https://chatgpt.com/ by default. */
  readonly chatUrl?: string;
  /** Of a running Chrome, http or ws; null reads `DevToolsActivePort` in the profile. */
  readonly cdpUrl: string | null;
  /** Chrome's user data folder, for planline alone: Chrome gives no DevTools on its default one. */
  readonly profileDir: string;
  /** Null looks in the usual places. */
  readonly chromePath: string | null;
  /** More arguments for the Chrome that `logIn` starts. */
  readonly chromeArguments?: readonly string[];
  /** An answer without any sign of life for this long is given up. */
  readonly timeoutMs: number;
  /** IANA name: of the operator, whose page names reset times in it. */
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<Timings>;
}

/** In ms, unless said otherwise. */
export interface Timings {
  /** Between two looks at the page. */
  readonly pollMs: number;
  /** For a Chrome to answer at its DevTools address. */
  readonly connectMs: number;
  /** For the page to answer one question. */
  readonly callMs: number;
  /** For a page to load, until its composer or its turns are shown. */
  readonly openMs: number;
  /** For the recent conversations to be listed. */
  readonly historyMs: number;
  /** For turns above to come into view, at the top of a conversation. */
  readonly scrollMs: number;
  /** For the editor to show what was put in. */
  readonly composeMs: number;
  /** Without any effect of the send button, until it is pressed again. */
  readonly resendMs: number;
  /** For a prompt that was sent to be seen as taken. */
  readonly takeMs: number;
  /** For a prompt that goes on in a conversation to stay there, until it counts as taken. */
  readonly confirmMs: number;
  /** For the address of a conversation to become its own, once the prompt is there; it takes up to 2,000. */
  readonly addressMs: number;
  /** See settle.ts. */
  readonly stableMs: number;
  readonly stablePolls: number;
  readonly quietMs: number;
  /** Of complete standstill while an answer is being made, until the page is loaded anew. */
  readonly reloadMs: number;
  /** For a lost tab or a lost Chrome to come back. */
  readonly reconnectMs: number;
  /** For the page's copy to come; it is up to 800 late. */
  readonly copyMs: number;
  /** Between two tries to copy. */
  readonly copyAgainMs: number;
  readonly copyTries: number;
  /** For all of the evidence of a failure. */
  readonly evidenceMs: number;
  /** Between two looks whether the operator has logged in. */
  readonly loginPollMs: number;
}

const DEFAULT_TIMINGS: Timings = {
  pollMs: 400,
  connectMs: 10_000,
  callMs: 15_000,
  openMs: 45_000,
  historyMs: 5_000,
  scrollMs: 1_000,
  composeMs: 5_000,
  resendMs: 5_000,
  takeMs: 30_000,
  confirmMs: 2_000,
  addressMs: 6_000,
  stableMs: 1_200,
  stablePolls: 3,
  quietMs: 5_000,
  reloadMs: 90_000,
  reconnectMs: 30_000,
  copyMs: 2_500,
  copyAgainMs: 500,
  copyTries: 4,
  evidenceMs: 8_000,
  loginPollMs: 1_000,
};

export const CHAT_URL = 'https://chatgpt.com/';

export function timingsOf({ timings }: BrowserSettings): Timings {
  return { ...DEFAULT_TIMINGS, ...timings };
}
