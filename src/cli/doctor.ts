import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { messageOf } from '../core/errors.ts';
import type { Finding, Log } from '../ports.ts';
import { openChatDriver, openDatabase, openNotifiers, openTemplates } from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { withSession } from './session.ts';

const CHECK_LIMIT_MS = 30_000;
const LEAST_NODE = [22, 18] as const;

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    name: 'node',
    level: enough ? 'ok' : 'error',
    detail: `version ${process.versions.node}`,
    action: enough ? null : `Install Node ${LEAST_NODE.join('.')} or newer.`,
  };
}

/** A check that throws is a finding too: doctor goes on to the next. */
async function guarded(name: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [{ name, level: 'error', detail: messageOf(error), action: 'See the message.' }];
  }
}

async function templateFindings(config: Config): Promise<Finding[]> {
  await openTemplates(config).load();
  return [
    {
      name: 'templates',
      level: 'ok',
      detail: config.promptsDir ?? 'the ones that planline comes with',
      action: null,
    },
  ];
}

async function databaseFindings(config: Config, log: Log): Promise<Finding[]> {
  const database = await openDatabase(config, log);
  try {
    return await database.check();
  } finally {
    await database.close();
  }
}

async function chatFindings(config: Config, log: Log): Promise<Finding[]> {
  const driver = await openChatDriver(config, log);
  try {
    return await driver.check(AbortSignal.timeout(CHECK_LIMIT_MS));
  } finally {
    await driver.close();
  }
}

async function notifierFindings(config: Config): Promise<Finding[]> {
  const notifiers = await openNotifiers(config);
  if (notifiers.length === 0) {
    return [
      {
        name: 'notifications',
        level: 'warning',
        detail: 'nobody is told when a lead is finished or blocked',
        action: 'Set SLACK_WEBHOOK_URL, or SMTP_URL with EMAIL_FROM and EMAIL_TO.',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const notifier of notifiers) {
    findings.push(
      ...(await guarded(notifier.channel, () =>
        notifier.check(AbortSignal.timeout(CHECK_LIMIT_MS)),
      )),
    );
    await notifier.close();
  }
  return findings;
}

const MARKS = { ok: ['green', '✔'], warning: ['yellow', '!'], error: ['red', '✘'] } as const;

function lineOf({ name, level, detail, action }: Finding): string {
  const [color, mark] = MARKS[level];
  const shown = process.stdout.isTTY ? styleText(color, mark) : mark;
  const line = `${shown} ${name.padEnd(20)} ${detail}`;
  return action === null ? line : `${line}\n${' '.repeat(23)}→ ${action}`;
}

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .option('--json', 'as a JSON array')
    .action((options: { json?: true }) =>
      withSession(async ({ config, log }) => {
        const findings = [
          nodeFinding(),
          ...(await guarded('templates', () => templateFindings(config))),
          ...(await guarded('database', () => databaseFindings(config, log))),
          ...(await guarded('chat', () => chatFindings(config, log))),
          ...(await notifierFindings(config)),
        ];
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(findings, null, 2)}\n`
            : `${findings.map(lineOf).join('\n')}\n`,
        );
        if (findings.some((finding) => finding.level === 'error')) process.exitCode = EXIT.bad;
      }),
    );
  return withExample(command, 'planline doctor');
}
