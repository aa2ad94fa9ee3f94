import { G2 } from './g2.ts';
import { G3 } from './g3.ts';
import type { Generation, Target } from './generation.ts';
import { LABELS } from '../../page/labels.ts';

/** Newest first: where a page shows marks of two, the newer counts. */
export const GENERATIONS: readonly Generation[] = [G3, G2];

/** What every generation shows in the same way. */
export interface Surroundings {
  /** What speaks for the interface: dialogs, banners, toasts. */
  readonly notices: string;
  readonly continueGenerating: readonly Target[];
  readonly login: string;
  readonly challenge: string;
  /** What lists the conversations, and shows who is logged in. */
  readonly sidebar: string;
  /** Links to the recent conversations, newest first. */
  readonly history: string;
}

export const SURROUNDINGS: Surroundings = {
  notices: '[role="dialog"], [role="alertdialog"], [role="alert"], [role="status"]',
  continueGenerating: [{ css: 'button', labels: LABELS.continueGenerating }],
  login: '[data-testid="login-button"], form[action*="/login"], a[href*="/auth/login"]',
  challenge:
    '#challenge-form, .cf-turnstile, iframe[src*="challenges.cloudflare.com"], #cf-chl-widget',
  sidebar: 'nav, aside',
  history: 'nav a[href*="/c/"], aside a[href*="/c/"]',
};
