import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { launchdLabel, launchdPlist } from '../../../src/core/service/launchd.ts';
import {
  SERVICE_MARK,
  unwritablePath,
  type ServiceSettings,
} from '../../../src/core/service/settings.ts';
import { systemdUnit } from '../../../src/core/service/systemd.ts';

const PLAIN: ServiceSettings = {
  name: 'planline',
  nodePath: '/usr/bin/node',
  mainPath: '/opt/planline/dist/src/main.js',
  directory: '/srv/planline',
  home: '/srv/planline/.planline',
  runsDir: '/srv/planline/runs',
  coldStorageDir: null,
  needsScreen: false,
};

const ODD: ServiceSettings = {
  ...PLAIN,
  mainPath: '/opt/100% $HOME/a "b"\\c/main.js',
  directory: '/home/jana/50% off',
  home: '/home/jana/50% off/.planline',
  coldStorageDir: '/mnt/cold storage',
};

const SYSTEM = { of: 'system', account: 'planline' } as const;
const USER = { of: 'user' } as const;

const lines = (text: string): string[] => text.split('\n');

/** Values of a key, in order. */
const valuesOf = (unit: string, key: string): string[] =>
  lines(unit).flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));

describe('a systemd unit', () => {
  it('quotes what systemd would read otherwise', () => {
    const unit = systemdUnit(ODD, SYSTEM);
    expect(valuesOf(unit, 'ExecStart')).toEqual([
      String.raw`"/usr/bin/node" "/opt/100%% $$HOME/a \"b\"\\c/main.js" "daemon"`,
    ]);
    expect(valuesOf(unit, 'WorkingDirectory')).toEqual(['/home/jana/50%% off']);
    expect(valuesOf(unit, 'ReadWritePaths')).toEqual([
      '"/home/jana/50%% off/.planline" "/srv/planline/runs" -"/mnt/cold storage"',
    ]);
  });

  it('is watched over, stopped gently, and not started again with wrong settings', () => {
    for (const unit of [systemdUnit(PLAIN, USER), systemdUnit(PLAIN, SYSTEM)]) {
      expect(lines(unit)[0]).toBe(`# ${SERVICE_MARK}`);
      expect(lines(unit)).toEqual(
        expect.arrayContaining([
          'Type=notify',
          'NotifyAccess=all',
          'WatchdogSec=180',
          'RestartPreventExitStatus=2',
          'KillMode=mixed',
        ]),
      );
    }
  });

  it('of the machine is walled in, and lets V8 compile', () => {
    const unit = systemdUnit(PLAIN, SYSTEM);
    expect(valuesOf(unit, 'User')).toEqual(['planline']);
    expect(valuesOf(unit, 'ProtectSystem')).toEqual(['strict']);
    expect(valuesOf(unit, 'ProtectHome')).toEqual(['yes']);
    expect(valuesOf(unit, 'PrivateTmp')).toEqual(['yes']);
    expect(valuesOf(unit, 'MemoryDenyWriteExecute')).toEqual([]);
    expect(valuesOf(unit, 'WantedBy')).toEqual(['multi-user.target']);
  });

  it('sees homes and /tmp where its own folders are there', () => {
    expect(valuesOf(systemdUnit(ODD, SYSTEM), 'ProtectHome')).toEqual(['read-only']);
    const below = { ...PLAIN, runsDir: '/tmp/runs' };
    expect(valuesOf(systemdUnit(below, SYSTEM), 'PrivateTmp')).toEqual([]);
  });

  it('of a person needs no mount namespace, and with a page driver lives with their desktop', () => {
    const unit = systemdUnit(PLAIN, USER);
    expect(valuesOf(unit, 'ProtectSystem')).toEqual([]);
    expect(valuesOf(unit, 'NoNewPrivileges')).toEqual(['yes']);
    expect(valuesOf(unit, 'WantedBy')).toEqual(['default.target']);
    const page = systemdUnit({ ...PLAIN, needsScreen: true }, USER);
    expect(valuesOf(page, 'PartOf')).toEqual(['graphical-session.target']);
    expect(valuesOf(page, 'WantedBy')).toEqual(['graphical-session.target']);
    // A browser builds its own sandbox.
    expect(valuesOf(page, 'RestrictNamespaces')).toEqual([]);
    expect(valuesOf(page, 'SystemCallFilter')).toEqual([]);
  });
});

describe('a launchd agent', () => {
  it('is a property list that gives every path back as it is', () => {
    const odd = { ...ODD, directory: '/Users/jana/A & <B>' };
    const plist = load(launchdPlist(odd), { xml: true });
    const keys = plist('plist > dict > key').toArray();
    const byKey = new Map(keys.map((key) => [plist(key).text(), plist(key).next()]));
    expect(byKey.get('Label')?.text()).toBe(launchdLabel(odd));
    expect(byKey.get('WorkingDirectory')?.text()).toBe('/Users/jana/A & <B>');
    const words = byKey.get('ProgramArguments')?.find('string').toArray() ?? [];
    expect(words.map((one) => plist(one).text())).toEqual([
      '/usr/bin/node',
      ODD.mainPath,
      'daemon',
    ]);
    expect(byKey.get('Umask')?.text()).toBe('63');
    expect(launchdPlist(odd)).toContain(`<!-- ${SERVICE_MARK} -->`);
  });
});

describe('a path that would begin a line of its own', () => {
  it('is found', () => {
    expect(unwritablePath(ODD)).toBeNull();
    const runsDir = '/srv/runs\nExecStartPre=/bin/false';
    expect(unwritablePath({ ...PLAIN, runsDir })).toBe(runsDir);
  });
});
