/** System packages that some test suites need. Data only: scripts/test-setup.ts installs them where it can. */
import { findPostgresBin } from './postgres-bin.ts';

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

export const SYSTEM_PACKAGES: readonly SystemPackage[] = [POSTGRESQL];

/** The line that says what to do about a package that is missing. */
export function missingPackage(one: SystemPackage): string {
  const platform =
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  return `${one.name} is not installed (needed for ${one.neededFor}). Install it with: ${one.installCommand[platform]}`;
}
