/** System packages that some test suites need. Data only: scripts/test-setup.ts installs them where it can. */
import { findPostgresBin } from './postgres-bin.ts';
import { findChromium, findProgram, hasLibrary } from './programs.ts';

export interface SystemPackage {
  readonly name: string;
  readonly neededFor: string;
  /** Is it there already? */
  readonly present: () => boolean;
  /** Names in Debian and Ubuntu. */
  readonly debian: readonly string[];
  /** Files that must be there before apt-get runs, and go again after it. */
  readonly debianDropIns: readonly { readonly path: string; readonly content: string }[];
  /** The command for a person, by process.platform. */
  readonly installCommand: Readonly<Record<'linux' | 'darwin' | 'win32', string>>;
}

export const POSTGRESQL: SystemPackage = {
  name: 'PostgreSQL',
  neededFor: 'contract tests on a real PostgreSQL, 15 or newer',
  present: () => findPostgresBin() !== null,
  debian: ['postgresql'],
  // The tests start a server of their own; the package would start another for the whole system.
  debianDropIns: [
    {
      path: '/etc/postgresql-common/createcluster.d/planline-tests.conf',
      content: 'create_main_cluster = false\n',
    },
  ],
  installCommand: {
    linux: 'sudo apt-get install postgresql',
    darwin: 'brew install postgresql@17',
    win32: 'winget install PostgreSQL.PostgreSQL.17',
  },
};

export const CHROMIUM: SystemPackage = {
  name: 'Chromium',
  neededFor: 'tests that drive a page like ChatGPT in a real browser',
  present: () => findChromium() !== null,
  debian: ['chromium', 'fonts-noto-color-emoji'],
  debianDropIns: [],
  installCommand: {
    linux: 'sudo apt-get install chromium fonts-noto-color-emoji',
    darwin: 'brew install --cask google-chrome',
    win32: 'winget install Google.Chrome',
  },
};

const DESKTOP_PROGRAMS = ['Xvfb', 'openbox', 'xclip', 'wmctrl', 'xprop', 'xdotool', 'xev'];
const DESKTOP_NAMES = ['xvfb', 'openbox', 'xclip', 'wmctrl', 'xdotool', 'libxtst6', 'x11-utils'];
const ON_LINUX = `sudo apt-get install ${DESKTOP_NAMES.join(' ')}`;
// Elsewhere there is no screen that nobody looks at.
const NOWHERE_ELSE = `${ON_LINUX} (on Linux; these tests run nowhere else)`;

/** A screen, a window manager and a clipboard that are nobody's. */
export const DESKTOP: SystemPackage = {
  name: 'The virtual desktop',
  neededFor: 'tests that drive a browser by keyboard, mouse and clipboard',
  present: () =>
    DESKTOP_PROGRAMS.every((name) => findProgram([name]) !== null) && hasLibrary('libXtst.so.6'),
  debian: DESKTOP_NAMES,
  debianDropIns: [],
  installCommand: { linux: ON_LINUX, darwin: NOWHERE_ELSE, win32: NOWHERE_ELSE },
};

const SYSTEMD_ON_LINUX = 'sudo apt-get install systemd';

/** Its programs alone: nothing is started by it. */
export const SYSTEMD: SystemPackage = {
  name: 'systemd',
  neededFor: 'tests that check the service unit and report to a service manager',
  present: () =>
    ['systemd-analyze', 'systemd-notify', 'perl'].every((name) => findProgram([name]) !== null),
  debian: ['systemd', 'perl-base'],
  debianDropIns: [],
  installCommand: {
    linux: SYSTEMD_ON_LINUX,
    darwin: `${SYSTEMD_ON_LINUX} (on Linux; these tests run nowhere else)`,
    win32: `${SYSTEMD_ON_LINUX} (on Linux; these tests run nowhere else)`,
  },
};

export const SYSTEM_PACKAGES: readonly SystemPackage[] = [POSTGRESQL, CHROMIUM, DESKTOP, SYSTEMD];

/** The line that says what to do about a package that is missing. */
export function missingPackage(one: SystemPackage): string {
  const platform =
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  return `${one.name} is not installed (needed for ${one.neededFor}). Install it with: ${one.installCommand[platform]}`;
}
