/** `planline chat login`: opens Chrome with the chat profile, and waits until somebody has logged in. */
import { ChatError } from '../../../core/errors.ts';
import { throwIfStopped } from '../stopped.ts';
import { reachChrome } from './chrome/connect.ts';
import { findChrome } from './chrome/find.ts';
import { needsNoSandbox, startChrome } from './chrome/start.ts';
import { createSession, type Session } from './session.ts';
import { type BrowserSettings, timingsOf } from './settings.ts';
import { TabLost } from './tab.ts';

async function isRunning({ cdpUrl, profileDir }: BrowserSettings, connectMs: number) {
  try {
    (await reachChrome({ cdpUrl, profileDir, connectMs })).close();
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}

/** A Chrome at an address of its own is the operator's to start. */
async function ensureRunning(settings: BrowserSettings, signal: AbortSignal): Promise<void> {
  const { clock, log, profileDir, cdpUrl } = settings;
  const { connectMs, loginPollMs } = timingsOf(settings);
  if (await isRunning(settings, connectMs)) return;
  if (cdpUrl !== null) {
    throw new ChatError(
      'needs_operator',
      'No Chrome answers at the DevTools address that is set: start it there, or unset the address.',
    );
  }
  const chromePath = await findChrome(settings.chromePath);
  if (needsNoSandbox()) log.warn({}, 'Running as root: Chrome is started without its sandbox');
  await startChrome({ chromePath, profileDir, arguments: settings.chromeArguments ?? [] });
  const untilMs = clock.now() + 3 * connectMs;
  while (!(await isRunning(settings, connectMs))) {
    throwIfStopped(signal);
    if (clock.now() >= untilMs) {
      throw new ChatError(
        'needs_operator',
        'Chrome was started, but does not answer. If a Chrome with the chat profile was open before, close it and try again.',
      );
    }
    await clock.sleep(loginPollMs, signal);
  }
}

async function isLoggedIn(session: Session): Promise<boolean> {
  try {
    const tab = await session.tab();
    // Only where the tab is at ChatGPT: a login may lead through other sites, which are left alone.
    if (new URL(tab.page.url()).origin !== new URL(session.chatUrl).origin) return false;
    const { user } = await tab.account();
    return user !== null && user !== undefined;
  } catch (error) {
    // The tab may be on its way from one page to the next, or have been closed by the operator.
    if (error instanceof TabLost) return false;
    throw error;
  }
}

/**
 * Resolves once somebody is logged in, in our tab of the chat profile. `onWaiting` is called once when
 * the operator has to log in. Chrome stays open. Throws ChatError, PlanlineError `config`.
 */
export async function logInToChat(
  settings: BrowserSettings,
  onWaiting: () => void,
  signal: AbortSignal,
): Promise<void> {
  throwIfStopped(signal);
  await ensureRunning(settings, signal);
  const session = createSession(settings);
  try {
    const tab = await session.tab();
    await tab.open(session.chatUrl);
    if (await isLoggedIn(session)) return;
    onWaiting();
    await tab.show();
    while (!(await isLoggedIn(session))) {
      throwIfStopped(signal);
      await session.clock.sleep(session.timings.loginPollMs, signal);
    }
  } finally {
    await session.close();
  }
}
