import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createLogger, type LoggerOptions } from '../../src/adapters/log/logger.ts';
import { PlanlineError } from '../../src/core/errors.ts';
import { tempFolder } from '../support/temp-folder.ts';

const record = z.looseObject({
  level: z.enum(['debug', 'info', 'warn', 'error']),
  time: z.iso.datetime({ precision: 3 }),
  pid: z.int(),
  msg: z.string(),
});

/** A terminal that keeps what is shown on it. */
function terminal() {
  const destination = new PassThrough({ encoding: 'utf8' });
  return { destination, shown: () => String(destination.read() ?? '') };
}

async function openLog(change: Partial<LoggerOptions> = {}) {
  const folder = join(await tempFolder(), 'home', 'logs');
  const file = join(folder, 'planline.log');
  const log = createLogger({ level: 'debug', file, pretty: null, secrets: [], ...change });
  onTestFinished(() => log.close());
  const records = async (path = file) => {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => record.parse(JSON.parse(line)));
  };
  return { log, file, folder, records };
}

describe('the log file', () => {
  it('holds one JSON object a line, readable by its owner only', async () => {
    const { log, file, folder, records } = await openLog();
    log.info({ leadId: '42', n: 3 }, 'claimed');
    log.warn({}, 'two\nlines');
    expect(await records()).toMatchObject([
      { level: 'info', leadId: '42', n: 3, msg: 'claimed' },
      { level: 'warn', msg: 'two\nlines' },
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is closed to others when somebody opened it to them', async () => {
    const { log, file, folder, records } = await openLog();
    await mkdir(folder, { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o644);
    log.info({}, 'one');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await records()).toHaveLength(1);
  });

  it('holds what is severe enough', async () => {
    const { log, records } = await openLog({ level: 'warn' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    expect((await records()).map(({ msg }) => msg)).toEqual(['warn', 'error']);
  });

  it('carries the fields of children, and no key twice', async () => {
    const { log, file, records } = await openLog();
    const child = log.child({ leadId: '42' }).child({ runId: '20261123_174501' });
    child.error({ leadId: '43', level: 9, time: 'now', msg: 'mine' }, 'failed');
    expect(await records()).toMatchObject([
      {
        leadId: '43',
        runId: '20261123_174501',
        level_: 9,
        time_: 'now',
        msg_: 'mine',
        msg: 'failed',
      },
    ]);
    expect((await readFile(file, 'utf8')).match(/"(?:level|time|msg|leadId)":/g)).toHaveLength(4);
  });

  it('is set aside when it has grown, and a few older ones are kept', async () => {
    const { log, file, folder, records } = await openLog({ maxBytes: 1_000 });
    for (let n = 0; n < 200; n += 1) log.info({ n }, 'x'.repeat(100));
    const names = ['planline.log', ...[1, 2, 3, 4, 5].map((n) => `planline.log.${n}`)];
    expect((await readdir(folder)).toSorted()).toEqual(names);
    const numbers: unknown[] = [];
    for (const name of names.toReversed()) {
      numbers.push(...(await records(join(folder, name))).map((line) => line['n']));
    }
    expect(numbers).toEqual(Array.from(numbers, (_, index) => 200 - numbers.length + index));
    expect((await stat(file)).size).toBeLessThan(1_300);
  });

  it('goes on after a restart', async () => {
    const { log, file, records } = await openLog();
    log.info({}, 'one');
    await log.close();
    log.info({}, 'after the end');
    const next = createLogger({ level: 'info', file, pretty: null, secrets: [] });
    next.info({}, 'two');
    await next.close();
    expect((await records()).map(({ msg }) => msg)).toEqual(['one', 'two']);
  });

  it.skipIf(platform() !== 'linux')(
    'that cannot be written is told once and ends nothing',
    async () => {
      const { destination, shown } = terminal();
      const { log, file, folder } = await openLog({
        pretty: { destination, level: 'error', colors: false },
      });
      await mkdir(folder, { recursive: true });
      await symlink('/dev/full', file);
      log.info({}, 'one');
      log.info({}, 'two');
      log.error({}, 'three');
      const lines = shown().split('\n').slice(0, -1);
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^The log .*planline\.log cannot be written: ENOSPC/);
      expect(lines[1]).toContain('three');
    },
  );

  it('has the last line before the process ended by itself', async () => {
    const { file, records } = await openLog();
    const logger = fileURLToPath(new URL('../../src/adapters/log/logger.ts', import.meta.url));
    const script = `
      import { createLogger } from ${JSON.stringify(logger)};
      const options = { level: 'info', file: process.argv[1], pretty: null, secrets: [] };
      createLogger(options).error({}, 'last words');
      process.exit(3);`;
    const child = promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      file,
    ]);
    await expect(child).rejects.toMatchObject({ code: 3 });
    expect(await records()).toMatchObject([{ level: 'error', msg: 'last words' }]);
  });
});

describe('the terminal', () => {
  it('shows what is severe enough, readable and without colours', async () => {
    const { destination, shown } = terminal();
    const { log, records } = await openLog({
      pretty: { destination, level: 'warn', colors: false },
    });
    log.info({ leadId: '42' }, 'claimed');
    log.warn({ leadId: '42', attempt: 2 }, 'tried again');
    expect(shown()).toMatch(
      /^\[\d\d:\d\d:\d\d\] WARN: tried again \{"leadId":"42","attempt":2\}\n$/,
    );
    expect(await records()).toHaveLength(2);
  });

  it('shows colours when it has them', async () => {
    const { destination, shown } = terminal();
    const { log } = await openLog({ pretty: { destination, level: 'warn', colors: true } });
    log.error({}, 'failed');
    expect(shown()).toContain('\u001b[31mERROR\u001b[39m');
  });

  it('shows an error with its stack and its causes', async () => {
    const { destination, shown } = terminal();
    const { log } = await openLog({ pretty: { destination, level: 'warn', colors: false } });
    const cause = new TypeError('fetch failed');
    log.error({ err: new PlanlineError('unavailable', 'no database', { cause }) }, 'stopped');
    const text = shown();
    expect(text).toContain('PlanlineError: no database');
    expect(text).toContain('log.test.ts');
    expect(text).toContain('fetch failed');
  });

  it('is not driven by what is logged', async () => {
    const { destination, shown } = terminal();
    const { log } = await openLog({ pretty: { destination, level: 'warn', colors: false } });
    log.warn({ reason: 'a\u001b[2Jb', '\u001b[1m': 1 }, 'c\u001b]0;title\u0007d\r');
    expect(shown()).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('is shown everything by a log without a file', async () => {
    const { destination, shown } = terminal();
    const log = createLogger({
      level: 'info',
      file: null,
      pretty: { destination, level: 'info', colors: false },
      secrets: [],
    });
    log.info({}, 'hello');
    await log.close();
    expect(shown()).toContain('INFO: hello');
  });
});

describe('secrets and personal data', () => {
  const SECRET = 'sb-very-secret-value';

  async function logged(write: (log: Awaited<ReturnType<typeof openLog>>['log']) => void) {
    const { destination, shown } = terminal();
    const { log, file } = await openLog({
      secrets: [SECRET, 'smtps://me:hunter2-hunter2@mail.example.org'],
      pretty: { destination, level: 'debug', colors: false },
    });
    write(log);
    return `${await readFile(file, 'utf8')}${shown()}`;
  }

  it('are in no message, field, key, child, error, stack or cause', async () => {
    const text = await logged((log) => {
      const cause = new Error(
        `login of jana@example.org with hunter2-hunter2, call +421 905 123 456`,
      );
      const err = Object.assign(new Error(`key ${SECRET}`, { cause }), { token: 'tok-1' });
      log
        .child({ with: SECRET })
        .error({ err, [SECRET]: [{ deep: `a${SECRET}b` }] }, `at ${SECRET}`);
      log.info({ headers: { authorization: 'Bearer abcdef123456' } }, 'eyJhbGciOi.eyJyb2xlI.c2ln');
    });
    expect(text).toContain('[secret]');
    expect(text).toContain('[email]');
    expect(text).toContain('[phone]');
    expect(text).not.toMatch(/very-secret|hunter2|jana|905 123|tok-1|abcdef123456|eyJ/);
  });

  it('that become known later are removed too, until they are forgotten', async () => {
    const text = await logged((log) => {
      const child = log.child({ who: 'Žofia Nováková' });
      const forget = log.registerSecret('Žofia Nováková');
      child.info({}, 'for Nováková and Zofia');
      forget();
      log.info({}, 'Žofian');
      log.info({}, 'Žofia');
    });
    expect(text.match(/for \[name\] and \[name\]/g)).toHaveLength(2);
    expect(text.match(/"who":"\[name\]"/g)).toHaveLength(2);
    expect(text).not.toContain('Nováková');
    expect(text).toContain('Žofian');
  });

  it('do not take ids, hashes, times and counts with them', async () => {
    const fields = {
      leadId: '0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e',
      runId: '20261123_174501',
      bigint: '9007199254740993',
      sha256: '0'.repeat(32) + '9051234567'.repeat(3) + '12',
      at: '2026-11-23T17:45:01.000Z',
      bytes: 421905123456,
    };
    const { log, records } = await openLog();
    log.info(fields, `lead ${fields.leadId} run ${fields.runId} at ${fields.at}`);
    expect(await records()).toMatchObject([
      { ...fields, msg: `lead ${fields.leadId} run ${fields.runId} at ${fields.at}` },
    ]);
  });
});
