import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { loadConfig, onlyInShell, type Config } from '../config.ts';
import { PlanlineError } from '../core/errors.ts';
import { SERVICE_MARK, shellWord } from '../core/service/settings.ts';
import type { ServiceStep } from '../core/service/step.ts';
import { serviceHost, systemPorts } from '../wire.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { print } from './report.ts';
import { accountNamed, assertCanRun, assertRoot, type Account } from './service/account.ts';
import {
  asInstalled,
  assertHasScreen,
  servicePlace,
  type ServiceOptions,
  type ServicePlace,
} from './service/place.ts';
import { runSteps } from './service/run-steps.ts';

interface InstallOptions extends ServiceOptions {
  readonly dryRun?: true;
  readonly start: boolean;
}

const NAME = ['--name <name>', 'of the service, for a second one on this machine'] as const;

/** Null where there is none; `foreign` is somebody else's and stays untouched. */
async function standing({
  path,
  text,
}: ServicePlace): Promise<'same' | 'older' | 'foreign' | null> {
  const found = await serviceHost.read(path);
  if (found === null) return null;
  if (found === text) return 'same';
  return found.includes(SERVICE_MARK) ? 'older' : 'foreign';
}

function refuseForeign(path: string): never {
  throw new PlanlineError(
    'usage',
    `${path} is there and was not written by planline. It stays as it is: move it away, or choose another --name.`,
  );
}

/** What a service would silently go without, or give away. */
async function assertSettingsAreKept(): Promise<void> {
  const env = resolve('.env');
  const missing = onlyInShell();
  if (missing.length > 0) {
    throw new PlanlineError(
      'usage',
      `A service knows nothing of this shell: put ${missing.join(', ')} into ${env} first, or unset them.`,
    );
  }
  if (process.platform === 'win32' || ((await serviceHost.openTo(env)) ?? 0) === 0) return;
  throw new PlanlineError(
    'usage',
    `${env} holds keys and can be read by others on this machine: chmod 600 ${shellWord(env)}`,
  );
}

/** Prints the commands that are left when one fails. False then. */
async function runAll(steps: readonly ServiceStep[]): Promise<boolean> {
  const failed = await runSteps(steps, serviceHost, systemPorts.clock);
  if (failed === null) return true;
  const [{ words }] = failed.left;
  process.stderr.write(`planline: ${words.join(' ')} failed: ${failed.output}\n`);
  print(['Left to you:', ...failed.left.map((step) => `  ${step.words.join(' ')}`)].join('\n'));
  process.exitCode = EXIT.bad;
  return false;
}

async function isLoaded({ isLoaded: asked }: ServicePlace): Promise<boolean> {
  if (asked === null) return false;
  const [program, ...args] = asked;
  return (await serviceHost.run(program, args)).code === 0;
}

/** A sandbox is built around folders that are there. */
async function prepare(account: Account | null, config: Config): Promise<void> {
  if (account !== null) return assertCanRun(account, config);
  for (const folder of [config.home, `${config.home}/logs`, config.runsDir]) {
    await serviceHost.prepareFolder(folder, null);
  }
}

/** Returns what stood there before. */
async function write(
  place: ServicePlace,
  account: Account | null,
  config: Config,
): Promise<'same' | 'older' | null> {
  const before = await standing(place);
  if (before === 'foreign') refuseForeign(place.path);
  await prepare(account, config);
  if (before === 'same') {
    print(`${place.path} is there already, just so.`);
    return before;
  }
  await serviceHost.write(place.path, place.text);
  print(`${place.path} ${before === null ? 'written' : 'brought up to date'}.`);
  return before;
}

async function install(options: InstallOptions): Promise<void> {
  const config = loadConfig();
  assertHasScreen(config, options);
  const place = servicePlace(config, options);
  const account = place.account === null ? null : await accountNamed(place.account);
  if (options.dryRun === true) {
    print(`# ${place.path}`);
    process.stdout.write(place.text);
    return;
  }
  if (account !== null) assertRoot(...(options.user === undefined ? ['--user', account.name] : []));
  await assertSettingsAreKept();
  const definition = await write(place, account, config);
  if (!options.start) return;
  const before = { definition, isLoaded: await isLoaded(place) };
  if (await runAll(place.start(before)))
    print(['The daemon runs, and starts by itself.', ...place.hints].join('\n'));
}

async function uninstall(options: ServiceOptions): Promise<void> {
  const place = servicePlace(loadConfig(), await asInstalled(options));
  const found = await standing(place);
  if (found === null) {
    print(`There is no ${place.path}: nothing to do.`);
    return;
  }
  if (found === 'foreign') refuseForeign(place.path);
  if (place.account !== null) assertRoot();
  await runAll(place.stop);
  await serviceHost.remove(place.path);
  await runAll(place.forget);
  print(`${place.path} removed. What planline holds in ${dirname(loadConfig().runsDir)} stays.`);
}

const STANDING = {
  same: 'as this planline would write it',
  older: 'of other settings or another version: planline service install brings it up to date',
  foreign: 'not written by planline',
} as const;

async function status(options: ServiceOptions): Promise<void> {
  const place = servicePlace(loadConfig(), await asInstalled(options));
  const found = await standing(place);
  if (found === null) {
    print(`There is no ${place.path}: planline service install makes it.`);
    process.exitCode = EXIT.bad;
    return;
  }
  print(`${place.path} is ${STANDING[found]}.`);
  const [program, ...args] = place.status;
  const { code, output } = await serviceHost.run(program, args);
  print(output === '' ? `${program} says nothing of it.` : output);
  if (code !== 0) process.exitCode = EXIT.bad;
}

const RULE = `
Linux: a unit of your own service manager, bound to your desktop when CHAT_DRIVER is browser or
desktop; with --system one of the machine, run as --user (give this command as root). Type=notify with
a watchdog, kept to its own files. macOS: a launchd agent. Windows: see README.md.
The service runs in the current folder and takes its settings from .env there; no key is written into
the definition. A definition that is not planline's is never touched.`;

function installCommand(): Command {
  const command = new Command('install')
    .description('write the definition for this folder, and start the daemon now and at each start')
    .option('--system', 'of the machine instead of yours (Linux)')
    .option('--user <name>', 'with --system: as whom the daemon runs')
    .option(...NAME, 'planline')
    .option('--dry-run', 'only print the definition')
    .option('--no-start', 'write it, and leave the service manager alone')
    .addHelpText('after', RULE)
    .action((options: InstallOptions) => install(options));
  return withExample(command, 'planline service install', 'planline service install --dry-run');
}

export function serviceCommand(): Command {
  const command = new Command('service')
    .addCommand(installCommand())
    .addCommand(
      new Command('uninstall')
        .description('stop it and remove its definition; leads and files stay')
        .option('--system', 'the one of the machine')
        .option(...NAME, 'planline')
        .action((options: ServiceOptions) => uninstall(options)),
    )
    .addCommand(
      new Command('status')
        .description('is it installed as it would be now, and does it run?')
        .option('--system', 'the one of the machine')
        .option(...NAME, 'planline')
        .action((options: ServiceOptions) => status(options)),
    );
  return withExample(
    command,
    'planline service install',
    'planline service status',
    'planline service uninstall',
  );
}
