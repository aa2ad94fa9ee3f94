/** Every wait of the driver, in milliseconds. The defaults are what held in measurements. */
export interface Timings {
  /** After each key goes down or up: without it two or three in 150 are lost. */
  readonly keyDelayMs: number;
  /** After a chord, before what it did is looked at. */
  readonly settleMs: number;
  /** After a paste, and besides for each thousand characters of it. */
  readonly pasteMs: number;
  readonly pastePerThousandMs: number;
  /** How long a selection that was copied may take to reach the clipboard. */
  readonly copyMs: number;
  /** How long the page's own copy of an answer may take. */
  readonly copyAnswerMs: number;
  /** Between two looks at the clipboard, the screen, the pointer. */
  readonly pollMs: number;
  /** For the window manager to bring a window to the front. */
  readonly raiseMs: number;
  /** For a page to load and show its composer. */
  readonly pageLoadMs: number;
  /** How long a page that was opened is given to come to rest on the screen. */
  readonly loadRestMs: number;
  /** For the composer to be emptied by the page after Enter. */
  readonly sendMs: number;
  /** For the address of the new conversation. */
  readonly addressMs: number;
  /** For the page's own search to show what it found. */
  readonly searchMs: number;
  /** So long nothing may move on the screen until it counts as at rest. */
  readonly restMs: number;
  /** The answer is looked at so often even if the screen never rests. */
  readonly lookMs: number;
  /** At rest for so long without an answer: the page's text is looked at for a reason. */
  readonly diagnoseMs: number;
  /** The same, while the page looks busy. */
  readonly stuckMs: number;
  /** At rest for so long after the stop sign went: an answer without its last line is taken. */
  readonly incompleteMs: number;
  /** So long the person must leave keyboard, mouse and windows alone before we go on. */
  readonly quietMs: number;
  /** For `doctor` to look at the page, a person at the desk included. */
  readonly checkMs: number;
  /** For one call of the helper process, and for one look at the clipboard within it. */
  readonly callMs: number;
  readonly clipboardMs: number;
}

export const TIMINGS: Timings = {
  keyDelayMs: 10,
  settleMs: 60,
  pasteMs: 200,
  pastePerThousandMs: 25,
  copyMs: 400,
  copyAnswerMs: 1_500,
  pollMs: 100,
  raiseMs: 2_000,
  pageLoadMs: 20_000,
  loadRestMs: 4_000,
  sendMs: 4_000,
  addressMs: 10_000,
  searchMs: 2_500,
  restMs: 600,
  lookMs: 8_000,
  diagnoseMs: 15_000,
  stuckMs: 120_000,
  incompleteMs: 60_000,
  quietMs: 5_000,
  checkMs: 30_000,
  callMs: 15_000,
  clipboardMs: 5_000,
};
