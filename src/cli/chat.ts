/** `planline chat`: prompts of a folder, and what a person does about the chat account. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { PlanlineError } from '../core/errors.ts';
import { timesIn } from '../core/times.ts';
import type { Config } from '../config.ts';
import type { ChatDriver, Folder, Log } from '../ports.ts';
import { createFolderAsker, replyNameOf, type FolderAsker } from '../shell/ask-folder.ts';
import { convertFolder, filesOf, isDone } from '../shell/folder-work.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { openAccount, openChatDriver, openFolder, readAccount, systemPorts } from '../wire.ts';
import { loginCommand } from './chat-login.ts';
import { withExample } from './example.ts';
import { openPhaseLine, type PhaseLine } from './live/phase-line.ts';
import { print, summarize, TEXT_FILE } from './report.ts';
import { withSession, type Session } from './session.ts';
import { stopOnSignals, type ProcessStop } from './signals.ts';

interface ChatOptions {
  readonly input: string;
  readonly output: string;
  readonly driver?: string;
  readonly limit?: string;
  readonly dryRun?: true;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.MAX_SAFE_INTEGER;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new PlanlineError('usage', `--limit takes a whole number from 1, not ${text}.`);
}

/** What a real run would ask: what is there for the same prompt is left out. */
async function dryRun(input: Folder, output: Folder, limit: number): Promise<void> {
  let toAsk = 0;
  for (const name of await filesOf(input, TEXT_FILE)) {
    const text = (await input.read(name)) ?? '';
    const target = replyNameOf(name);
    const isThere = await isDone(output, target, { input_sha256: sha256Hex(text) });
    if (!isThere) toAsk += 1;
    if (toAsk > limit) break;
    print(`${isThere ? 'there' : 'ask'.padEnd(5)}  ${name} → ${target}`);
  }
  print(`${Math.min(toAsk, limit)} would be asked.`);
}

interface Asking {
  readonly config: Config;
  readonly log: Log;
  readonly driver: ChatDriver;
  readonly output: Folder;
  readonly stop: ProcessStop;
  readonly line: PhaseLine;
}

async function openAsker(asking: Asking): Promise<FolderAsker> {
  const { config, log, driver, output, stop, line } = asking;
  // A person started this command and reads why it ends.
  const account = await openAccount(config, driver, log, () => Promise.resolve());
  return createFolderAsker({
    ...systemPorts,
    driver,
    account,
    output,
    log,
    maxRetries: config.maxRetries,
    maxRepairs: config.maxRepairs,
    retryBaseMs: config.retryBaseMs,
    abort: stop.abort,
    stopping: stop.stopping,
    onPhase: (name, phase) => line.show(name, phase),
    onWait(untilMs, reason) {
      line.clear();
      print(`waits until ${timesIn(config.sweepTz).withZone(untilMs)}: ${reason}`);
    },
  });
}

async function askFolder({ config, log }: Session, options: ChatOptions): Promise<void> {
  const input = openFolder(resolve(options.input));
  const output = openFolder(resolve(options.output));
  const limit = limitOf(options.limit);
  if (options.dryRun === true) return dryRun(input, output, limit);
  const driver = await openChatDriver(config, log);
  const stop = stopOnSignals(() => print('Stopping …'));
  const line = openPhaseLine(process.stderr, () => systemPorts.clock.now());
  try {
    const asker = await openAsker({ config, log, driver, output, stop, line });
    let asked = 0;
    const report = await convertFolder(
      {
        input,
        output,
        accepts: TEXT_FILE,
        nameOf: replyNameOf,
        goOn: () => !stop.stopping.aborted && asked < limit,
        convert(text, name) {
          asked += 1;
          return asker.ask(text, name);
        },
        facts: (name) => asker.facts(name),
      },
      (name, outcome) => {
        line.clear();
        print(`${outcome.padEnd(8)} ${name}`);
      },
    );
    summarize(report);
  } finally {
    line.close();
    stop.dispose();
    await driver.close();
  }
}

function resumeCommand(): Command {
  const command = new Command('resume')
    .description('the chat account may be asked again: what it waited for is mended or over')
    .action(() =>
      withSession(async ({ config }) => {
        const account = await readAccount(config);
        const at = account?.state.at ?? 'ready';
        if (account === null || at === 'ready' || at === 'pacing') {
          print(`The chat account is ${at}: there is nothing to resume.`);
          return;
        }
        await account.resume();
        print(
          `Resumed. It waited for: ${account.state.reason ?? at}\n` +
            'A running daemon takes it up with its next look, within POLL_SECONDS.',
        );
      }),
    );
  return withExample(command, 'planline chat resume');
}

/** They are of a folder's prompts: a command would pass them over in silence. */
function refuseOptions(chat: Command, command: Command): void {
  const given = Object.keys(chat.opts());
  if (given.length === 0) return;
  throw new PlanlineError(
    'usage',
    `planline chat ${command.name()} takes no options: it goes by CHAT_DRIVER. Leave out what stands before ${command.name()}.`,
  );
}

export function chatCommand(): Command {
  const command = new Command('chat')
    .option('--input <dir>', 'prompts, one a .txt file')
    .option('--output <dir>', 'where the replies go')
    .option('--driver <name>', 'instead of CHAT_DRIVER')
    .option('--limit <n>', 'ask at most this many')
    .option('--dry-run', 'only list what would be asked')
    .addCommand(loginCommand())
    .addCommand(resumeCommand())
    .hook('preSubcommand', refuseOptions)
    .action((options: Partial<ChatOptions>) => {
      const { input, output, driver } = options;
      if (input === undefined || output === undefined) {
        throw new PlanlineError('usage', 'planline chat needs --input and --output, or a command.');
      }
      const given = driver === undefined ? {} : { CHAT_DRIVER: driver };
      return withSession((session) => askFolder(session, { ...options, input, output }), given);
    });
  return withExample(
    command,
    'planline chat --input parsed_parts --output stage_2_generated_parts',
    'planline chat login',
    'planline chat resume',
  );
}
