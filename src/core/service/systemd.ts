/** The daemon as a systemd unit: restarted when it ends badly or falls silent, and kept to its own files. */
import { SERVICE_MARK, type ServiceSettings } from './settings.ts';

export type SystemdScope =
  /** Of a person's own service manager; with a page driver it lives and dies with their desktop. */
  | { readonly of: 'user' }
  /** Of the machine, run as this account. */
  | { readonly of: 'system'; readonly account: string };

/** Twice as long as anything that may keep the event loop busy; a ping is sent at half of it. */
const WATCHDOG_SECONDS = 180;
/** The embedded database may have to recover first. */
const START_SECONDS = 300;
/** A prompt under way may finish for 20 seconds; the database is closed after that. */
const STOP_SECONDS = 90;

/** `%` begins a specifier, in every value. */
function literal(path: string): string {
  return path.replaceAll('%', '%%');
}

/** One word of a list of words. */
function word(path: string): string {
  return `"${literal(path).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** One word of a command line, where `$` begins a variable besides. */
function argument(text: string): string {
  return word(text).replaceAll('$', '$$$$');
}

type Lines = readonly string[];

function unitSection({ needsScreen }: ServiceSettings, scope: SystemdScope): Lines {
  return [
    '[Unit]',
    'Description=planline: from flagged leads to finished learning pages',
    'Documentation=man:systemd.service(5)',
    ...(scope.of === 'system'
      ? ['After=network-online.target', 'Wants=network-online.target']
      : []),
    ...(scope.of === 'user' && needsScreen
      ? ['After=graphical-session.target', 'PartOf=graphical-session.target']
      : []),
    // A daemon that cannot come up is left for a person to see.
    'StartLimitIntervalSec=600',
    'StartLimitBurst=5',
  ];
}

function processLines(settings: ServiceSettings, scope: SystemdScope): Lines {
  const { nodePath, mainPath, directory } = settings;
  return [
    '[Service]',
    'Type=notify',
    '# systemd-notify speaks for the daemon, as a process of its own.',
    'NotifyAccess=all',
    `WatchdogSec=${WATCHDOG_SECONDS}`,
    ...(scope.of === 'system' ? [`User=${scope.account}`] : []),
    `WorkingDirectory=${literal(directory)}`,
    '# Settings and keys are in .env there (mode 600), never in this file.',
    `ExecStart=${[nodePath, mainPath, 'daemon'].map(argument).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=10',
    '# 2: wrong settings. Starting again would not mend them.',
    'RestartPreventExitStatus=2',
    `TimeoutStartSec=${START_SECONDS}`,
    `TimeoutStopSec=${STOP_SECONDS}`,
    '# The daemon closes its database and browser itself.',
    'KillMode=mixed',
    'UMask=0077',
  ];
}

/** Enforced by seccomp and rights alone, so a person's own service manager can do it too. */
function filters({ needsScreen }: ServiceSettings): Lines {
  return [
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
    '# Not MemoryDenyWriteExecute: V8 compiles JavaScript to machine code while it runs.',
    needsScreen
      ? 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK'
      : 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  ];
}

const TEMPORARY = /^\/(var\/)?tmp(\/|$)/;
const HOMES = /^\/(home|root|run\/user)(\/|$)/;

/** A mount namespace and what else only the machine's service manager can give. */
function walls(settings: ServiceSettings): Lines {
  const { nodePath, mainPath, directory, home, runsDir, coldStorageDir } = settings;
  const read = [nodePath, mainPath, directory, home, runsDir, coldStorageDir ?? '/'];
  const written = [home, runsDir].map(word);
  // Cold storage may be away when the machine starts.
  if (coldStorageDir !== null) written.push(`-${word(coldStorageDir)}`);
  return [
    'ProtectSystem=strict',
    `ProtectHome=${read.some((path) => HOMES.test(path)) ? 'read-only' : 'yes'}`,
    `ReadWritePaths=${written.join(' ')}`,
    // What lies below /tmp would be out of sight.
    ...(read.some((path) => TEMPORARY.test(path)) ? [] : ['PrivateTmp=yes']),
    'PrivateDevices=yes',
    'PrivateUsers=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectProc=invisible',
    'RemoveIPC=yes',
    'KeyringMode=private',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
  ];
}

/** A browser has a sandbox of its own to build, of namespaces and calls that are taken from the others. */
const NO_BROWSER: Lines = [
  'RestrictNamespaces=yes',
  '# @pkey: V8 guards its machine code by it where the processor can.',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
];

function installSection({ needsScreen }: ServiceSettings, scope: SystemdScope): Lines {
  const target = needsScreen ? 'graphical-session.target' : 'default.target';
  return ['[Install]', `WantedBy=${scope.of === 'system' ? 'multi-user.target' : target}`];
}

/** The text of the unit. Paths are absolute and hold no control characters. */
export function systemdUnit(settings: ServiceSettings, scope: SystemdScope): string {
  return [
    `# ${SERVICE_MARK}`,
    '# Changes of your own: systemctl edit, which keeps them in a drop-in.',
    ...unitSection(settings, scope),
    '',
    ...processLines(settings, scope),
    '',
    ...filters(settings),
    ...(scope.of === 'system' ? walls(settings) : []),
    ...(settings.needsScreen ? [] : NO_BROWSER),
    '',
    ...installSection(settings, scope),
    '',
  ].join('\n');
}
