/** Reaching the operator's Chrome, and one tab of it, by Playwright. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { ChatError } from '../../../../core/errors.ts';
import { DevTools } from './devtools.ts';
import { type ChromeAddress, endpointOf } from './endpoint.ts';

export function unreachableError(cause?: unknown): ChatError {
  return new ChatError(
    'needs_operator',
    'The Chrome for ChatGPT does not run, or cannot be reached. To start it and log in, run: planline chat login',
    { cause },
  );
}

/** Throws ChatError `needs_operator` when there is no such Chrome. */
export async function reachChrome(address: ChromeAddress): Promise<DevTools> {
  try {
    const endpoint = await endpointOf(address);
    if (endpoint !== null) return await DevTools.open(endpoint, address.connectMs);
  } catch (error) {
    throw unreachableError(error);
  }
  throw unreachableError();
}

export interface TabConnection {
  readonly devtools: DevTools;
  readonly browser: Browser;
  readonly page: Page;
  readonly targetId: string;
}

/** Rejects when the tab does not answer within the limit: it hangs, or has crashed. */
export async function connectToTab(
  devtools: DevTools,
  targetId: string,
  limitMs: number,
): Promise<TabConnection> {
  const browser = await chromium.connectOverCDP(devtools.transportTo(targetId), {
    timeout: limitMs,
    noDefaults: true,
  });
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('Chrome does not show the tab that was asked for');
  return { devtools, browser, page, targetId };
}
