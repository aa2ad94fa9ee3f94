/** For `doctor`: is there a screen, are its tools there, and does our window show ChatGPT, logged in? */
import { execFile } from 'node:child_process';
import { ChatError, messageOf } from '../../../core/errors.ts';
import type { Finding } from '../../../ports.ts';
import type { LockHolder } from '../../disk/process-lock.ts';
import { startWatch } from '../openai/watch.ts';
import { stoppedError } from '../stopped.ts';
import { insist } from './ask.ts';
import { chatAddress } from './compose.ts';
import { atTheDesk, createJob, type Job, UNTOLD } from './job.ts';
import { openAddress, readPage } from './page.ts';
import type { Clipboard } from './clipboard-hold.ts';
import type { Session } from './session.ts';
import { troubleBefore } from './trouble.ts';
import type { Turns } from './turns.ts';

const SCREEN = 'Desktop: screen';
const TOOLS = 'Desktop: tools';
const CHATGPT = 'ChatGPT (desktop)';

/** The programs that do on X11 what nut-js and clipboardy do not, and the packages that hold them. */
const X11_TOOLS = ['wmctrl', 'xclip'];

/**
 * Looks at the page by keys, and puts nothing into its composer; leaves the page to another process
 * that is at work there. Throws ChatError only when it is stopped.
 */
export async function checkDesktop(
  session: Session,
  turns: Turns,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { screen } = session;
  if (screen.kind === 'unusable') {
    return [{ name: SCREEN, level: 'error', detail: screen.problem, action: screen.action }];
  }
  const where = screen.display === null ? screen.platform : `X11 display ${screen.display}`;
  const found: Finding[] = [{ name: SCREEN, level: 'ok', detail: where, action: null }];
  const tools = await checkTools(session);
  if (tools !== null) found.push(tools);
  if (tools?.level === 'error') return found;
  return [...found, await checkPage(session, turns, signal)];
}

/** Null where no program is needed besides planline's own. */
async function checkTools({ screen, environment }: Session): Promise<Finding | null> {
  if (screen.kind !== 'usable' || screen.platform !== 'linux') return null;
  const there = await Promise.all(X11_TOOLS.map((tool) => isInstalled(tool, environment)));
  const missing = X11_TOOLS.filter((_, i) => there[i] === false);
  if (missing.length === 0) {
    return {
      name: TOOLS,
      level: 'ok',
      detail: `${X11_TOOLS.join(' and ')} are installed`,
      action: null,
    };
  }
  return {
    name: TOOLS,
    level: 'error',
    detail: `not installed: ${missing.join(', ')}`,
    action: `sudo apt-get install ${missing.join(' ')}`,
  };
}

function isInstalled(tool: string, env: Session['environment']): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(tool, ['-h'], { env: { ...env }, timeout: 5_000 }, (error) => {
      resolve(error === null || error.code !== 'ENOENT');
    });
  });
}

async function checkPage(session: Session, turns: Turns, signal: AbortSignal): Promise<Finding> {
  try {
    return await turns.takeIfFree(signal, () => lookInTime(session, signal), leftAlone);
  } catch (error) {
    if (signal.aborted) throw stoppedError(signal);
    return failed(error);
  }
}

async function lookInTime(session: Session, signal: AbortSignal): Promise<Finding> {
  const { clock, timeoutMs } = session.settings;
  const watch = startWatch(clock, signal, Math.min(timeoutMs, session.timings.checkMs));
  try {
    return await lookAtPage(createJob(session, NO_REQUEST, watch, UNTOLD));
  } finally {
    watch.end();
  }
}

/** Who types there tells of any trouble themselves. */
function leftAlone({ pid, purpose }: LockHolder): Finding {
  const detail = `process ${pid} has it: ${purpose}; the page was not looked at`;
  return { name: CHATGPT, level: 'ok', detail, action: null };
}

const NO_REQUEST = {
  requestId: 'check',
  step: 'stage2',
  n: 1,
  text: '',
  sha256: '',
  spent: [],
  follows: null,
} as const;

async function lookAtPage(job: Job): Promise<Finding> {
  return await insist(job, () =>
    atTheDesk(job, async (clipboard) => {
      const address = await chatAddress(job, clipboard);
      await readTrouble(job, clipboard);
      if (address.kind !== 'home' && address.kind !== 'conversation') return notAChat();
      const detail = 'the browser window shows ChatGPT, and no sign that it is logged out';
      return { name: CHATGPT, level: 'ok', detail, action: null };
    }),
  );
}

/** What is shown may be over since the page was loaded, so that it is loaded anew before it counts. */
async function readTrouble(job: Job, clipboard: Clipboard): Promise<void> {
  const { clock, chatUrl } = job.session.settings;
  if (troubleBefore(job, await readPage(job, clipboard)) === null) return;
  await openAddress(job, clipboard, chatUrl);
  const untilMs = clock.now() + job.session.timings.searchMs;
  for (;;) {
    const trouble = troubleBefore(job, await readPage(job, clipboard));
    if (trouble === null) return;
    if (clock.now() >= untilMs) throw trouble;
    await job.desk.pause(job.session.timings.pollMs);
  }
}

function notAChat(): Finding {
  return {
    name: CHATGPT,
    level: 'warning',
    detail: 'the browser window shows a page of ChatGPT that is not a chat',
    action: 'Open a new chat in that window; else planline does it with the next prompt.',
  };
}

function failed(error: unknown): Finding {
  const resting =
    error instanceof ChatError && (error.code === 'rate_limited' || error.code === 'plan_cap');
  const untilPerson = error instanceof ChatError && error.untilPerson;
  return {
    name: CHATGPT,
    level: resting ? 'warning' : 'error',
    detail: messageOf(error),
    action: resting
      ? 'Wait until the limit ends; planline goes on by itself.'
      : `Do what is said here in the browser window, leave it open, then run${untilPerson ? ': planline chat resume' : ' doctor again.'}`,
  };
}
