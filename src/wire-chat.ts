/**
 * The chat part of wire.ts: drivers and the account, from the settings. A driver is loaded when it is
 * chosen: their SDKs are most of what a start would otherwise wait for, and `status` needs none.
 */
import { join } from 'node:path';
import type { BrowserSettings } from './adapters/chat/browser/settings.ts';
import { createAccountStore } from './adapters/disk/account-store.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemRandom } from './adapters/system/random.ts';
import type { Config } from './config.ts';
import { UNARMED } from './core/crash-points.ts';
import { PlanlineError } from './core/errors.ts';
import { sha256Hex } from './core/hash-chain.ts';
import type { AccountState, AccountStore, ChatDriver, CrashPoints, Log } from './ports.ts';
import { openChatAccount, type AccountDeps, type ChatAccount } from './shell/chat-account.ts';

async function openOpenAi(config: Config, log: Log): Promise<ChatDriver | null> {
  if (config.openai === null) return null;
  const { createOpenAiDriver } = await import('./adapters/chat/openai/driver.ts');
  const { baseUrl, ...openai } = config.openai;
  return createOpenAiDriver({
    ...openai,
    ...(baseUrl === null ? {} : { baseUrl }),
    timeoutMs: config.chatTimeoutMs,
    clock: systemClock,
    log,
  });
}

function browserSettings(config: Config, log: Log): BrowserSettings {
  const { url, profileDir, cdpUrl, chromePath } = config.chatPage;
  return {
    chatUrl: url,
    profileDir,
    cdpUrl,
    chromePath,
    timeoutMs: config.chatTimeoutMs,
    timeZone: config.sweepTz,
    clock: systemClock,
    log,
  };
}

async function openBrowser(config: Config, log: Log): Promise<ChatDriver> {
  const { createBrowserDriver } = await import('./adapters/chat/browser/driver.ts');
  return createBrowserDriver(browserSettings(config, log));
}

async function openDesktop(config: Config, log: Log): Promise<ChatDriver> {
  const { createDesktopDriver } = await import('./adapters/chat/desktop/driver.ts');
  const { url, windowTitle } = config.chatPage;
  return createDesktopDriver({
    chatUrl: url,
    windowTitle,
    home: config.home,
    timeoutMs: config.chatTimeoutMs,
    timeZone: config.sweepTz,
    clock: systemClock,
    log,
  });
}

async function openRehearsal(): Promise<ChatDriver> {
  const { createRehearsalDriver } = await import('./adapters/chat/rehearsal/driver.ts');
  return createRehearsalDriver({ clock: systemClock });
}

async function chatDriverOf(config: Config, log: Log): Promise<ChatDriver | null> {
  switch (config.chatDriver) {
    case 'browser':
      return openBrowser(config, log);
    case 'desktop':
      return openDesktop(config, log);
    case 'openai':
      return openOpenAi(config, log);
    case 'rehearsal':
      return openRehearsal();
    case null:
      return null;
  }
}

/** Throws `config` when no driver was chosen for a database that holds real leads. */
export async function openChatDriver(config: Config, log: Log): Promise<ChatDriver> {
  const driver = await chatDriverOf(config, log);
  if (driver !== null) return driver;
  throw new PlanlineError(
    'config',
    'CHAT_DRIVER is not set. With SUPABASE_URL planline does not guess: set CHAT_DRIVER=openai and OPENAI_API_KEY, CHAT_DRIVER=browser or desktop for your own ChatGPT window, or CHAT_DRIVER=rehearsal to fill the pages with offline examples.',
  );
}

/** Opens the Chrome of the `browser` driver and waits until a person has logged in there. */
export async function logInToChat(
  config: Config,
  log: Log,
  onWaiting: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { logInToChat: logIn } = await import('./adapters/chat/browser/login.ts');
  return logIn(browserSettings(config, log), onWaiting, signal);
}

/** Another driver, server or key is another account: it starts without the old one's trouble. */
function accountName({ chatDriver, openai, chatPage }: Config): string {
  switch (chatDriver) {
    case 'openai': {
      const account = `${openai?.baseUrl ?? ''} ${openai?.apiKey ?? ''}`;
      return `openai-${sha256Hex(account).slice(0, 8)}`;
    }
    // The same person's account, whichever way its page is driven.
    case 'browser':
    case 'desktop':
      return `page-${sha256Hex(chatPage.url).slice(0, 8)}`;
    default:
      return `${chatDriver ?? 'none'}-${sha256Hex('').slice(0, 8)}`;
  }
}

function accountStore(config: Config): AccountStore {
  return createAccountStore(join(config.home, `chat-account-${accountName(config)}.json`));
}

/** Null as long as nothing was ever noted of the account. */
export async function readAccount(
  config: Config,
): Promise<{ state: AccountState; resume: () => Promise<void> } | null> {
  const store = accountStore(config);
  const state = await store.load();
  return state === null ? null : { state, resume: () => store.requestResume(state.sinceMs ?? 0) };
}

/** The chat account of the settings, kept in PLANLINE_HOME over restarts. */
export function openAccount(
  config: Config,
  driver: ChatDriver,
  log: Log,
  onNeedsOperator: AccountDeps['onNeedsOperator'],
  crash: CrashPoints = UNARMED,
): Promise<ChatAccount> {
  const store = accountStore(config);
  return openChatAccount({
    driver,
    store,
    pacing: config.pacing,
    clock: systemClock,
    random: systemRandom,
    log,
    onNeedsOperator,
    crash,
  });
}
