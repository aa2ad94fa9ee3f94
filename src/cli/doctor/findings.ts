/** What doctor looks at, each part by itself: one that fails is a finding, and the next is looked at. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../../config.ts';
import { messageOf } from '../../core/errors.ts';
import type { Finding, Log, Notifier } from '../../ports.ts';
import {
  checkDisk,
  openChatDriver,
  openDatabase,
  openNotifiers,
  openTemplates,
  readAccount,
} from '../../wire.ts';
import { checkChat } from './chat-check.ts';

const CHECK_LIMIT_MS = 30_000;
const LEAST_NODE = [22, 18] as const;

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    name: 'node',
    level: enough ? 'ok' : 'error',
    detail: `version ${process.versions.node}`,
    action: enough ? null : `Install Node ${LEAST_NODE.join('.')} or newer: https://nodejs.org`,
  };
}

/** A check that throws is a finding too. `action` is what mends most of its failures. */
async function guarded(
  name: string,
  action: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [{ name, level: 'error', detail: messageOf(error), action }];
  }
}

async function templateFindings(config: Config): Promise<Finding[]> {
  await openTemplates(config).load();
  const detail = config.promptsDir ?? 'the ones that planline comes with';
  return [{ name: 'templates', level: 'ok', detail, action: null }];
}

async function databaseFindings(config: Config, log: Log): Promise<Finding[]> {
  const database = await openDatabase(config, log);
  try {
    const findings = await database.check();
    // Without a working key the feed would only say the same again.
    if (findings.length === 1) return findings;
    return [...findings, await database.checkFeed(log, AbortSignal.timeout(CHECK_LIMIT_MS))];
  } finally {
    await database.close();
  }
}

async function chatFindings(config: Config, log: Log): Promise<Finding[]> {
  const driver = await openChatDriver(config, log);
  try {
    return await checkChat(driver, AbortSignal.timeout(CHECK_LIMIT_MS));
  } finally {
    await driver.close();
  }
}

/** A stop that only a person ends, whatever the page shows by now. */
async function stopFindings(config: Config): Promise<Finding[]> {
  const state = (await readAccount(config))?.state;
  const isPaused = state?.at === 'paused';
  if (state === undefined || !(isPaused || state.untilPerson)) return [];
  const detail = `nothing is sent until you say so: ${state.reason ?? state.at}`;
  const action = `${isPaused ? 'To go on' : 'See to it, then'} run: planline chat resume`;
  return [{ name: 'chat account', level: isPaused ? 'warning' : 'error', detail, action }];
}

async function sendTest(notifier: Notifier): Promise<Finding[]> {
  const delivery = {
    id: randomUUID(),
    notification: { kind: 'test' },
    names: new Map(),
    maybeRepeated: false,
  } as const;
  await notifier.deliver(delivery, AbortSignal.timeout(CHECK_LIMIT_MS));
  const detail = 'the test message was taken; look whether it arrived';
  return [{ name: `${notifier.channel} test`, level: 'ok', detail, action: null }];
}

async function channelFindings(notifier: Notifier, isTest: boolean): Promise<Finding[]> {
  const { channel } = notifier;
  const setting = channel === 'slack' ? 'SLACK_WEBHOOK_URL' : 'SMTP_URL, EMAIL_FROM and EMAIL_TO';
  const action = `Mend ${setting} as the message says, then run: planline doctor --send-test`;
  try {
    const checked = await guarded(channel, action, () =>
      notifier.check(AbortSignal.timeout(CHECK_LIMIT_MS)),
    );
    const isWell = checked.every(({ level }) => level !== 'error');
    if (!isTest || !isWell) return checked;
    return [...checked, ...(await guarded(`${channel} test`, action, () => sendTest(notifier)))];
  } finally {
    await notifier.close();
  }
}

async function notifierFindings(config: Config, isTest: boolean): Promise<Finding[]> {
  const notifiers = await openNotifiers(config);
  if (notifiers.length === 0) {
    return [
      {
        name: 'notifications',
        level: 'warning',
        detail: 'nobody is told when a lead is finished or blocked',
        action: 'Set SLACK_WEBHOOK_URL, or SMTP_URL with EMAIL_FROM and EMAIL_TO, in .env.',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const notifier of notifiers) findings.push(...(await channelFindings(notifier, isTest)));
  return findings;
}

/** In the order of the work, so that the first bad one is the first to mend. */
export async function* allFindings(
  config: Config,
  log: Log,
  { sendTest: isTest }: { readonly sendTest: boolean },
): AsyncGenerator<Finding> {
  const again = 'then run: planline doctor';
  yield nodeFinding();
  yield* await guarded('templates', `Mend the template that is named, ${again}`, () =>
    templateFindings(config),
  );
  yield* await guarded('disk', `Mend what the message names, ${again}`, () => checkDisk(config));
  yield* await guarded('database', `Check SUPABASE_URL and the network, ${again}`, () =>
    databaseFindings(config, log),
  );
  yield* await guarded('chat', `Set CHAT_DRIVER as the message says, ${again}`, () =>
    chatFindings(config, log),
  );
  yield* await guarded('chat account', `Do as the message says, ${again}`, () =>
    stopFindings(config),
  );
  yield* await notifierFindings(config, isTest);
}
