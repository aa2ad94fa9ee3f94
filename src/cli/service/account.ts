/** The account that a service of the machine runs as: is it there, and can it do what the daemon does? */
import { dirname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { PlanlineError } from '../../core/errors.ts';
import { shellWord } from '../../core/service/settings.ts';
import { serviceHost, type FolderOwner, type ServiceHost } from '../../wire.ts';

export interface Account extends FolderOwner {
  readonly name: string;
}

function refuse(what: string, next: string): never {
  throw new PlanlineError('usage', `${what} ${next}`);
}

/** Throws `usage` with what to do when there is no such account. */
export async function accountNamed(name: string): Promise<Account> {
  // As the system itself looks it up, wherever it keeps its accounts.
  const [user, group] = [
    await serviceHost.run('id', ['-u', '--', name]),
    await serviceHost.run('id', ['-g', '--', name]),
  ];
  if (user.code === 0 && group.code === 0) {
    return { name, uid: Number(user.output), gid: Number(group.output) };
  }
  refuse(
    `--user: this machine has no account ${JSON.stringify(name)}.`,
    `One for planline alone: useradd --system --create-home planline`,
  );
}

/** `more` is what root has to say besides. */
export function assertRoot(...more: readonly string[]): void {
  if (process.getuid?.() === 0) return;
  const words = ['sudo', 'planline', ...process.argv.slice(2), ...more].map(shellWord);
  refuse('A service of the machine is for root to change:', words.join(' '));
}

/** By the rights that the account has when the daemon runs. */
function runAs({ name }: Account, ...command: readonly string[]): ReturnType<ServiceHost['run']> {
  return serviceHost.run('runuser', ['-u', name, '--', ...command]);
}

async function may(account: Account, mode: '-r' | '-x', path: string): Promise<boolean> {
  const { code } = await runAs(account, 'test', mode, path);
  return code === 0;
}

/** The first file or folder in there that the account cannot read and write; null when it can. */
async function untouchable(account: Account, folders: readonly string[]): Promise<string | null> {
  const test = ['!', '-type', 'l', '(', '!', '-readable', '-o', '!', '-writable', ')'];
  const { code, output } = await runAs(account, 'find', ...folders, ...test, '-print', '-quit');
  return code === 0 && output === '' ? null : (output.split('\n')[0] ?? '');
}

/** The daemon itself: its folder, its settings, Node and planline. */
async function assertCanStart(account: Account, config: Config): Promise<void> {
  const { name } = account;
  const folders = [process.cwd(), dirname(config.home), dirname(config.runsDir)];
  for (const folder of new Set(folders)) {
    if (await may(account, '-x', folder)) continue;
    refuse(
      `${name} cannot enter ${folder}.`,
      `Install from a folder that it can enter, such as /srv/planline.`,
    );
  }
  const env = join(process.cwd(), '.env');
  if ((await serviceHost.openTo(env)) !== null && !(await may(account, '-r', env))) {
    refuse(`${name} cannot read ${env}:`, `chown ${name}: ${shellWord(env)}`);
  }
  for (const path of [process.execPath, process.argv[1] ?? '', config.promptsDir]) {
    if (path === null || (await may(account, '-r', path))) continue;
    refuse(
      `${name} cannot read ${path}, which the daemon needs.`,
      'Put it where every account can read it, such as below /usr/local.',
    );
  }
}

/** Makes the daemon's folders where they are missing, as the account's; throws `usage` when it cannot use them. */
export async function assertCanRun(account: Account, config: Config): Promise<void> {
  const { home, runsDir, coldStorageDir } = config;
  for (const folder of [home, join(home, 'logs'), runsDir]) {
    await serviceHost.prepareFolder(folder, account);
  }
  await assertCanStart(account, config);
  // What planline did here as root, before it was a service, is root's.
  const first = await untouchable(account, [home, runsDir]);
  if (first !== null) {
    const folders = [home, runsDir].map(shellWord).join(' ');
    refuse(`${account.name} cannot write ${first}:`, `chown -R ${account.name}: ${folders}`);
  }
  // Cold storage may be away just now.
  if (coldStorageDir === null || (await serviceHost.openTo(coldStorageDir)) === null) return;
  if ((await untouchable(account, [coldStorageDir, '-maxdepth', '0'])) === null) return;
  refuse(
    `${account.name} cannot write ${coldStorageDir}:`,
    `chown ${account.name}: ${shellWord(coldStorageDir)}`,
  );
}
