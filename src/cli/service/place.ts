/** Which definition belongs where on this system, and the commands that make it known. */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { PlanlineError } from '../../core/errors.ts';
import { launchdLabel, launchdPlist, launchdStart } from '../../core/service/launchd.ts';
import { unwritablePath, type ServiceSettings } from '../../core/service/settings.ts';
import type { Before, CommandLine, ServiceStep } from '../../core/service/step.ts';
import { systemdUnit, type SystemdScope } from '../../core/service/systemd.ts';
import { serviceHost } from '../../wire.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly system?: true;
  readonly user?: string;
}

/** A definition and what is done with it; commands are given in order. */
export interface ServicePlace {
  readonly path: string;
  readonly text: string;
  /** As whom a service of the machine runs; null for one of a person. */
  readonly account: string | null;
  /** Ends with 0 where the manager holds a definition of it; null where `start` does not depend on that. */
  readonly isLoaded: CommandLine | null;
  start(before: Before): readonly ServiceStep[];
  readonly stop: readonly ServiceStep[];
  /** Once the definition is gone. */
  readonly forget: readonly ServiceStep[];
  /** Ends with 0 while the service runs; its output is for people. */
  readonly status: CommandLine;
  /** What a person may want to know after the install. */
  readonly hints: readonly string[];
}

const SYSTEM_UNITS = '/etc/systemd/system';
const NAME = /^[a-z0-9][a-z0-9-]{0,60}$/;
const WINDOWS =
  'On Windows the Task Scheduler starts planline: the recipe is in README.md, under "As a service".';

const needsScreen = (driver: Config['chatDriver']): boolean =>
  driver === 'browser' || driver === 'desktop';

function settingsOf(config: Config, name: string): ServiceSettings {
  const settings: ServiceSettings = {
    name,
    nodePath: process.execPath,
    mainPath: process.argv[1] ?? '',
    directory: process.cwd(),
    home: config.home,
    runsDir: config.runsDir,
    coldStorageDir: config.coldStorageDir,
    needsScreen: needsScreen(config.chatDriver),
  };
  const bad = unwritablePath(settings);
  if (bad === null) return settings;
  throw new PlanlineError(
    'usage',
    `${JSON.stringify(bad)} holds a control character, which no service definition takes. Move it.`,
  );
}

/** A user's own unit runs as that user: another name would be passed over in silence. */
function refuseUserAlone({ system, user }: ServiceOptions): void {
  if (system === true || user === undefined) return;
  throw new PlanlineError(
    'usage',
    '--user NAME goes with --system. Without it the service is your own: leave --user out.',
  );
}

function accountOf(options: ServiceOptions): string {
  const account = options.user ?? userInfo().username;
  if (account !== 'root' || options.user === 'root') return account;
  throw new PlanlineError(
    'usage',
    'Say as whom the daemon is to run, who owns its folders: --system --user NAME.',
  );
}

/** The unit of the machine with this name knows as whom it runs: nobody has to say it again. */
export async function asInstalled(options: ServiceOptions): Promise<ServiceOptions> {
  if (options.system !== true) return options;
  const text = await serviceHost.read(join(SYSTEM_UNITS, `${options.name}.service`));
  const user = /^User=(.+)$/m.exec(text ?? '')?.[1] ?? userInfo().username;
  return { ...options, user };
}

function systemdPlace(settings: ServiceSettings, options: ServiceOptions): ServicePlace {
  refuseUserAlone(options);
  const unit = `${settings.name}.service`;
  const isSystem = options.system === true;
  const account = isSystem ? accountOf(options) : null;
  const scope: SystemdScope = account === null ? { of: 'user' } : { of: 'system', account };
  const folder = isSystem ? SYSTEM_UNITS : join(homedir(), '.config/systemd/user');
  const manager = isSystem ? [] : ['--user'];
  const systemctl = (...args: string[]): CommandLine => ['systemctl', ...manager, ...args];
  const stop = { words: systemctl('disable', '--now', unit) };
  const reload = { words: systemctl('daemon-reload') };
  return {
    path: join(folder, unit),
    text: systemdUnit(settings, scope),
    account,
    isLoaded: null,
    start: ({ definition }) => [
      // A daemon that runs by the older definition goes on by it. One that does not run cannot be stopped.
      ...(definition === 'older' ? [{ ...stop, fine: null }] : []),
      reload,
      { words: systemctl('enable', '--now', unit) },
    ],
    stop: [stop],
    forget: [reload],
    status: systemctl('status', '--no-pager', '--lines=0', unit),
    hints: [
      `journalctl ${isSystem ? '' : '--user '}-u ${unit} -f   shows what it says`,
      ...(isSystem || settings.needsScreen
        ? []
        : ['loginctl enable-linger           lets it run while you are logged out']),
    ],
  };
}

function launchdPlace(settings: ServiceSettings, options: ServiceOptions): ServicePlace {
  if (options.system === true) {
    throw new PlanlineError('usage', 'On macOS planline is an agent of yours: leave --system out.');
  }
  const label = launchdLabel(settings);
  const domain = `gui/${userInfo().uid}`;
  const path = join(homedir(), 'Library/LaunchAgents', `${label}.plist`);
  const shown: CommandLine = ['launchctl', 'print', `${domain}/${label}`];
  return {
    path,
    text: launchdPlist(settings),
    account: null,
    isLoaded: shown,
    start: (before) => launchdStart({ domain, label, path }, before),
    stop: [{ words: ['launchctl', 'bootout', `${domain}/${label}`] }],
    forget: [],
    status: shown,
    hints: [`${settings.home}/logs/service.log   has what it says`],
  };
}

/** One that was installed before the driver was changed can still be looked at and removed. */
export function assertHasScreen({ chatDriver }: Config, { system }: ServiceOptions): void {
  if (system !== true || !needsScreen(chatDriver)) return;
  throw new PlanlineError(
    'usage',
    'CHAT_DRIVER=browser and desktop need the screen of a person: install without --system.',
  );
}

/** Throws `usage` where planline cannot be a service like that. */
export function servicePlace(config: Config, options: ServiceOptions): ServicePlace {
  if (!NAME.test(options.name)) {
    throw new PlanlineError(
      'usage',
      `--name ${options.name}: small letters, digits and - are allowed, 61 at most.`,
    );
  }
  const settings = settingsOf(config, options.name);
  if (process.platform === 'darwin') return launchdPlace(settings, options);
  if (process.platform === 'win32') throw new PlanlineError('usage', WINDOWS);
  return systemdPlace(settings, options);
}
