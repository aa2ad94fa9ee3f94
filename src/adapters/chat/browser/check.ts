/** For `doctor`: does Chrome answer, is somebody logged in, and can the page be used? */
import { z } from 'zod';
import { ChatError } from '../../../core/errors.ts';
import type { Finding } from '../../../ports.ts';
import { stoppedError } from '../stopped.ts';
import { checkPage, failedFinding, NAME } from './check-page.ts';
import { reachChrome } from './chrome/connect.ts';
import { viewTab } from './find-tab.ts';
import { tabHolder } from './lease.ts';
import { openChat, requireLogin } from './open.ts';
import { withTab } from './renew.ts';
import type { Session } from './session.ts';
import { type Tab, TabLost } from './tab.ts';
import { sendingError } from './troubles.ts';

function ok(what: string, detail: string): Finding {
  return { name: `${NAME}: ${what}`, level: 'ok', detail, action: null };
}

/** Our own tab is taken to a new chat, and to the newest conversation. */
async function checkOwnTab(session: Session, signal: AbortSignal): Promise<Finding[]> {
  return await withTab(session, signal, async (tab) => {
    const opened = await openChat(session, tab, session.chatUrl, signal);
    const login = ok('login', `somebody is logged in at ${new URL(session.chatUrl).host}`);
    const error = opened.kind === 'open' ? sendingError(session, opened.facts) : null;
    if (error !== null) return [login, failedFinding('account', error)];
    return [login, ...(await checkPage(session, tab, signal))];
  });
}

/** Another process is at work in the tab: it is read, and left as it is. */
async function checkLeasedTab(session: Session, tab: Tab, pid: number): Promise<Finding[]> {
  await requireLogin(session, tab);
  const facts = await tab.look();
  const error = sendingError(session, facts);
  if (error !== null) return [failedFinding('account', error)];
  return [
    ok('login', `somebody is logged in; process ${pid} is at work in the tab`),
    ok('page', `the tab shows generation ${facts.generation ?? 'of no kind just now'}`),
  ];
}

async function checkTab(session: Session, signal: AbortSignal): Promise<Finding[]> {
  const holder = await tabHolder(session.profileDir);
  if (holder === null || holder.pid === process.pid) return await checkOwnTab(session, signal);
  const tab = await viewTab(session.address, session);
  if (tab === null) {
    return [ok('tab', `process ${holder.pid} has the tab, and has not opened it yet`)];
  }
  try {
    return await checkLeasedTab(session, tab, holder.pid);
  } finally {
    await tab.disconnect();
  }
}

const version = z.object({ product: z.string() });

async function checkChrome({ address }: Session): Promise<Finding> {
  const devtools = await reachChrome(address);
  const { product } = await devtools.command('Browser.getVersion', {}, version);
  devtools.close();
  return ok('Chrome', `${product} answers at its DevTools address`);
}

function busyError(cause: TabLost): ChatError {
  return new ChatError('retryable', 'The ChatGPT tab does not answer just now.', { cause });
}

/** What is found, or the error that kept it from being found. */
async function found(
  what: string,
  signal: AbortSignal,
  look: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (signal.aborted) throw stoppedError(signal);
    if (error instanceof ChatError) return [failedFinding(what, error)];
    if (error instanceof TabLost) return [failedFinding(what, busyError(error))];
    throw error;
  }
}

/** Throws ChatError only when the signal aborts. */
export async function checkAccount(session: Session, signal: AbortSignal): Promise<Finding[]> {
  const { alarm } = session;
  const alarms =
    alarm === null
      ? []
      : [failedFinding('account', new ChatError('needs_operator', alarm, { untilPerson: true }))];
  const chrome = await found('Chrome', signal, async () => [await checkChrome(session)]);
  if (chrome.some(({ level }) => level === 'error')) return [...alarms, ...chrome];
  return [
    ...alarms,
    ...chrome,
    ...(await found('account', signal, () => checkTab(session, signal))),
  ];
}
