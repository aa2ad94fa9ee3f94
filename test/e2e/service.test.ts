/** The service definitions as systemd itself reads them, and the daemon as it reports to systemd. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SERVICE_MARK } from '../../src/core/service/settings.ts';
import { describeWhere, describeWith } from '../support/describe-where.ts';
import {
  MAIN,
  run,
  seededPlace,
  start,
  type Environment,
  type Place,
} from '../support/planline.ts';
import { smallDiskUnavailable } from '../support/small-disk.ts';
import { missingPackage, SYSTEMD } from '../support/system-packages.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A home of its own, so that no unit of the developer's is touched, and a systemctl that takes notes. */
async function quietPlace(env: Environment = {}, systemctlEnds = 0) {
  const home = await tempFolder();
  const cwd = join(home, 'my leads, 50% done');
  await mkdir(cwd);
  const bin = join(home, 'bin');
  const notes = join(home, 'systemctl.txt');
  await mkdir(bin);
  await writeFile(
    join(bin, 'systemctl'),
    `#!/bin/sh\necho "$@" >> '${notes}'\necho 'as the manager says'\nexit ${systemctlEnds}\n`,
    { mode: 0o755 },
  );
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const place: Place = { cwd, env: { HOME: home, PATH, ...env } };
  const unit = join(home, '.config/systemd/user/planline.service');
  const asked = () => readFile(notes, 'utf8').catch(() => '');
  return { place, unit, asked };
}

/** Settings of the test itself come from the environment, which a service does not have. */
const QUIET = { RETRY_BASE_MS: '', POLL_SECONDS: '', DASHBOARD_PORT: '' };

function systemdAnalyze(...args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile('systemd-analyze', [...args], (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, text: `${stdout}${stderr}` });
    });
  });
}

async function unitFile(env: Environment, ...args: readonly string[]): Promise<string> {
  const { place } = await quietPlace({ ...QUIET, ...env });
  const { stdout, code } = await run(place, 'service', 'install', '--dry-run', ...args);
  expect(code).toBe(0);
  const path = join(place.cwd, 'planline.service');
  await writeFile(path, stdout.replace(/^# \/.*\n/, ''));
  return path;
}

const MOST_EXPOSURE = 2;

describeWith([SYSTEMD], 'units under systemd-analyze', () => {
  it.each([
    { what: 'of the machine', env: {}, args: ['--system', '--user', 'daemon'] },
    { what: 'of a person', env: {}, args: [] },
    { what: 'of a person with a page driver', env: { CHAT_DRIVER: 'desktop' }, args: [] },
  ])('verify $what without a word', async ({ env, args }) => {
    const path = await unitFile(env, ...args);
    expect(await systemdAnalyze('verify', path)).toEqual({ code: 0, text: '' });
  });

  it('are seen to be wrong when they are', async () => {
    const path = await unitFile({});
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('Type=notify', 'Type=whatever'));
    expect((await systemdAnalyze('verify', path)).text).toMatch(/whatever/);
  });

  it('leave the one of the machine little exposed', async () => {
    const path = await unitFile({}, '--system', '--user', 'daemon');
    const { text } = await systemdAnalyze('security', '--offline=true', '--no-pager', path);
    const exposure = /Overall exposure level for planline\.service: ([\d.]+)/.exec(text)?.[1];
    expect(Number(exposure)).toBeGreaterThan(0);
    expect(Number(exposure)).toBeLessThan(MOST_EXPOSURE);
  });
});

describe.runIf(process.platform === 'linux')('planline service', () => {
  it('installs, says how it stands, and goes without a trace', async () => {
    const { place, unit, asked } = await quietPlace(QUIET);
    expect((await run(place, 'service', 'status')).code).toBe(1);
    const installed = await run(place, 'service', 'install');
    expect(installed).toMatchObject({ code: 0, stderr: '' });
    expect(installed.stdout).toContain(`${unit} written.`);
    expect(await readFile(unit, 'utf8')).toContain(SERVICE_MARK);
    expect((await stat(unit)).mode & 0o777).toBe(0o644);
    expect(await asked()).toBe('--user daemon-reload\n--user enable --now planline.service\n');
    expect((await run(place, 'service', 'install')).stdout).toMatch(/is there already, just so\./);

    const status = await run(place, 'service', 'status');
    expect(status.stdout).toMatch(/as this planline would write it\.\nas the manager says/);
    expect(status.code).toBe(0);
    const other = { ...place, env: { ...place.env, CHAT_DRIVER: 'browser' } };
    expect((await run(other, 'service', 'status')).stdout).toMatch(/brings it up to date/);

    // What runs by an older definition is stopped, or it would go on by it.
    await appendFile(unit, '# of an earlier version\n');
    const renewed = await run(place, 'service', 'install');
    expect(renewed.stdout).toMatch(/brought up to date\.\nThe daemon runs/);
    expect(await asked()).toMatch(
      /disable --now planline\.service\n--user daemon-reload\n--user enable --now planline\.service\n$/,
    );

    const gone = await run(place, 'service', 'uninstall');
    expect(gone.stdout).toContain(`${unit} removed.`);
    expect(await asked()).toMatch(
      /--user disable --now planline\.service\n--user daemon-reload\n$/,
    );
    await expect(stat(unit)).rejects.toThrow(/ENOENT/);
    expect((await run(place, 'service', 'uninstall')).stdout).toMatch(/nothing to do/);
  });

  it('leaves a unit alone that is not its own', async () => {
    const { place, unit, asked } = await quietPlace(QUIET);
    await mkdir(dirname(unit), { recursive: true });
    await writeFile(unit, '[Service]\nExecStart=/bin/true\n');
    for (const command of ['install', 'uninstall']) {
      const refused = await run(place, 'service', command);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/was not written by planline\. It stays as it is/);
    }
    expect(await readFile(unit, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
    expect(await asked()).toBe('');
    const second = await run(place, 'service', 'install', '--name', 'planline-2', '--no-start');
    expect(second.code).toBe(0);
  });

  it('writes no key into a unit, and takes none that others can read', async () => {
    const { place, unit } = await quietPlace(QUIET);
    const env = join(place.cwd, '.env');
    await writeFile(env, 'CHAT_DRIVER=openai\nOPENAI_API_KEY=sk-very-secret\n');
    await chmod(env, 0o644);
    const open = await run(place, 'service', 'install', '--no-start');
    expect(open).toMatchObject({ code: 2 });
    expect(open.stderr).toMatch(/can be read by others on this machine: chmod 600/);
    await chmod(env, 0o600);
    expect((await run(place, 'service', 'install', '--no-start')).code).toBe(0);
    expect(await readFile(unit, 'utf8')).not.toMatch(/sk-very-secret|OPENAI/);

    const inShell = { ...place, env: { ...place.env, SLACK_WEBHOOK_URL: 'https://x.example/y' } };
    const lost = await run(inShell, 'service', 'install', '--no-start');
    expect(lost.code).toBe(2);
    expect(lost.stderr).toMatch(/put SLACK_WEBHOOK_URL into .+\.env first/);
    expect(lost.stderr).not.toMatch(/x\.example/);
  });

  it('hands over what a service manager refused to do', async () => {
    const { place, unit } = await quietPlace(QUIET, 1);
    const installed = await run(place, 'service', 'install');
    expect(installed.code).toBe(1);
    expect(installed.stdout).toBe(
      `${unit} written.\nLeft to you:\n  systemctl --user daemon-reload\n  systemctl --user enable --now planline.service\n`,
    );
    expect(installed.stderr).toMatch(/systemctl --user daemon-reload failed: as the manager says/);
  });

  it('says where it cannot be a service', async () => {
    const { place } = await quietPlace({ ...QUIET, CHAT_DRIVER: 'desktop' });
    const screen = await run(place, 'service', 'install', '--system', '--user', 'x', '--dry-run');
    expect(screen.code).toBe(2);
    expect(screen.stderr).toMatch(/need the screen of a person: install without --system/);
    const { place: rehearsal } = await quietPlace(QUIET);
    const nobody = ['--system', '--user', 'no-such-one', '--dry-run'];
    const unknown = await run(rehearsal, 'service', 'install', ...nobody);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(
      /this machine has no account "no-such-one"\. .+useradd --system --create-home planline/,
    );
    const name = await run(place, 'service', 'install', '--name', '../x', '--dry-run');
    expect(name.code).toBe(2);
  });
});

const ACCOUNT = 'daemon';

/** As root, where units of the machine are ones of a disk that is gone afterwards. */
function asRoot({ cwd, env }: Place, script: string): Promise<{ code: number; text: string }> {
  const planline = `"${process.execPath}" "${MAIN}" service`;
  const inOwn = `mount -t tmpfs tmpfs /etc/systemd/system && planline() { ${planline} "$@"; } && ${script}`;
  const { PATH, HOME } = env;
  return new Promise((resolve) => {
    execFile(
      'unshare',
      ['--mount', 'sh', '-c', inOwn],
      { cwd, env: { PATH, HOME } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), text: `${stdout}${stderr}` });
      },
    );
  });
}

describeWhere(
  smallDiskUnavailable() ?? (SYSTEMD.present() ? null : missingPackage(SYSTEMD)),
  'a service of the machine',
  () => {
    const INSTALL = `planline install --system --user ${ACCOUNT}`;

    /** In a folder that every account can enter, as below /srv. */
    async function sharedPlace() {
      const { place, asked } = await quietPlace();
      for (const folder of [dirname(place.cwd), place.cwd]) await chmod(folder, 0o755);
      const owners = () =>
        new Promise<string>((resolve) => {
          execFile(
            'stat',
            ['-c', '%U %a %n', '.planline', '.planline/logs', 'data', 'data/runs'],
            {
              cwd: place.cwd,
            },
            (_, stdout) => resolve(stdout),
          );
        });
      await writeFile(join(place.cwd, '.env'), 'RUNS_DIR=data/runs\n', { mode: 0o600 });
      return { place, asked, owners, env: join(place.cwd, '.env') };
    }

    it('gets folders that its account can write to, and settings that it can read', async () => {
      const { place, asked, owners } = await sharedPlace();
      const unread = await asRoot(place, INSTALL);
      expect(unread.code).toBe(2);
      expect(unread.text).toMatch(/daemon cannot read .+\.env: chown daemon: '.+\.env'/);
      expect(await asked()).toBe('');

      const script = [
        `chown ${ACCOUNT}: .env`,
        INSTALL,
        'cat /etc/systemd/system/planline.service',
        'planline status --system',
        // A driver that could not be installed like that is no reason to keep what was.
        'echo CHAT_DRIVER=desktop >> .env',
        'planline status --system',
        'planline uninstall --system',
        'planline uninstall --system',
      ].join(' && ');
      const { code, text } = await asRoot(place, script);
      expect(code, text).toBe(0);
      expect(text).toMatch(/^User=daemon$/m);
      expect(text).toMatch(/planline\.service is as this planline would write it/);
      expect(text).toMatch(/planline\.service is of other settings or another version/);
      expect(text).toMatch(/planline\.service removed\.[\s\S]+nothing to do/);
      expect(await asked()).toMatch(/^daemon-reload\nenable --now planline\.service\n/);
      expect(await owners()).toBe(
        'daemon 700 .planline\ndaemon 700 .planline/logs\ndaemon 700 data\ndaemon 700 data/runs\n',
      );
    });

    it("says what to do about files of root's, and about a folder that its account cannot enter", async () => {
      const { place, asked, env } = await sharedPlace();
      await mkdir(join(place.cwd, '.planline/supabase'), { recursive: true, mode: 0o700 });
      const { code, text } = await asRoot(place, `chown ${ACCOUNT}: .env && ${INSTALL}`);
      expect(code).toBe(2);
      expect(text).toMatch(
        /daemon cannot write .+\.planline: chown -R daemon: '.+\.planline' '.+data\/runs'\n$/,
      );
      const chown = /chown -R .+/.exec(text)?.[0] ?? '';
      expect(await asRoot(place, `${chown} && ${INSTALL}`)).toMatchObject({ code: 0 });

      await chmod(dirname(env), 0o700);
      const closed = await asRoot(place, INSTALL);
      expect(closed.code).toBe(2);
      expect(closed.text).toMatch(/daemon cannot enter .+ Install from a folder that it can enter/);
      expect((await asked()).match(/enable/g)).toHaveLength(1);
    });
  },
);

/** A service manager's ear: perl has the datagram sockets that Node lacks. */
const LISTEN = `
  use IO::Socket::UNIX; use Socket; $| = 1;
  my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
  print "listening\\n";
  my $m; while (defined $s->recv($m, 4096)) { print "$m\\n" }`;

async function listenAt(socket: string) {
  const child = spawn('perl', ['-e', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'close');
  });
  let heard = '';
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(heard)) {
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
      heard += chunk.toString();
    }
  };
  await until(/listening/);
  return { until, heard: () => heard };
}

describeWith([SYSTEMD], 'a daemon that systemd started', () => {
  it('says when it is up, that it lives, and that it stops', async () => {
    const socket = join(await tempFolder(), 'notify');
    const manager = await listenAt(socket);
    const place = await seededPlace({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' });
    const daemon = start(place, 'daemon');
    await manager.until(/^READY=1$/m);
    expect(daemon.stdout()).toMatch(/Waiting for leads/);
    await manager.until(/WATCHDOG=1[\s\S]+WATCHDOG=1/);
    const [ended] = await Promise.all([daemon.kill('SIGTERM'), manager.until(/^STOPPING=1$/m)]);
    expect(ended.code).toBe(0);
  });
});
