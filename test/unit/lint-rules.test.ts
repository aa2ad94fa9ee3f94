/**
 * The architecture is held by the linter; this holds the linter. Each rule is broken once in a tree of
 * the project's shape, with the project's own configuration, and must be the one that refuses it.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';

const require = createRequire(import.meta.url);
const OXLINT = join(dirname(require.resolve('oxlint/package.json')), 'bin', 'oxlint');

interface Plant {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';

const use = (from: string): string => `import { value } from '${from}';\nexport const x = value;\n`;

/** What may be imported, one file a folder: a linter that refused everything would prove nothing. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/core/target.ts': 'export const value = 1;\n',
  'src/core/reply/target.ts': use('../target.ts'),
  'src/core/allowed.ts':
    "import { createHash } from 'node:crypto';\nimport { load } from 'cheerio';\nimport { z } from 'zod';\n" +
    "import { value } from './target.ts';\nexport const all = [createHash, load, z, value];\n",
  'src/core/instant.ts':
    'export const isoOf = (ms: number): string => new Date(ms).toISOString();\n',
  'src/ports.ts': use('./core/target.ts'),
  'src/wire.ts': use('./adapters/disk/target.ts'),
  'src/config.ts': 'export const value = 1;\n',
  'src/steps/target.ts': use('../core/target.ts')
    .replace('x =', 'value2 =')
    .concat('export { value };\n'),
  'src/steps/allowed.ts':
    "import { load } from 'cheerio';\nimport { franc } from 'franc';\n" +
    "import sanitizeHtml from 'sanitize-html';\nimport { z } from 'zod';\n" +
    "import { value } from '../core/target.ts';\nexport const all = [load, franc, sanitizeHtml, z, value];\n",
  'machines/target.ts':
    "import { setup } from 'xstate';\nimport { value } from '../src/core/target.ts';\n" +
    'export { setup, value };\n',
  'src/shell/target.ts':
    "import { x } from '../ports.ts';\nimport { value } from '../steps/target.ts';\n" +
    "import { setup } from '../../machines/target.ts';\nexport { setup, value, x };\n",
  'src/adapters/disk/target.ts':
    "import { existsSync } from 'node:fs';\nimport { x } from '../../ports.ts';\n" +
    "import { value } from '../../core/target.ts';\nexport { existsSync, value, x };\n",
  'src/cli/target.ts':
    "import { x } from '../wire.ts';\nimport { value } from '../shell/target.ts';\n" +
    'export { value, x };\n',
};

const FOLDERS: readonly Omit<Plant, 'rule'>[] = [
  { what: 'core importing shell', file: 'src/core/a.ts', code: use('../shell/target.ts') },
  {
    what: 'core importing adapters',
    file: 'src/core/b.ts',
    code: use('../adapters/disk/target.ts'),
  },
  {
    what: 'core importing types of ports',
    file: 'src/core/c.ts',
    code: "import type { x } from '../ports.ts';\nexport type X = typeof x;\n",
  },
  { what: 'core importing steps', file: 'src/core/d.ts', code: use('../steps/target.ts') },
  { what: 'core importing machines', file: 'src/core/e.ts', code: use('../../machines/target.ts') },
  {
    what: 'a folder of core importing shell',
    file: 'src/core/reply/a.ts',
    code: use('../../shell/target.ts'),
  },
  {
    what: 'core exporting from shell',
    file: 'src/core/f.ts',
    code: "export { value } from '../shell/target.ts';\n",
  },
  {
    what: 'core importing shell at run time',
    file: 'src/core/g.ts',
    code: "export const x = import('../shell/target.ts');\n",
  },
  {
    what: 'core importing a package',
    file: 'src/core/h.ts',
    code: "export { pino } from 'pino';\n",
  },
  {
    what: 'core importing a scoped package',
    file: 'src/core/i.ts',
    code: "export { createClient } from '@supabase/supabase-js';\n",
  },
  {
    what: 'core importing node:fs',
    file: 'src/core/j.ts',
    code: "export { existsSync } from 'node:fs';\n",
  },
  {
    what: 'core importing node:timers',
    file: 'src/core/k.ts',
    code: "export { setTimeout } from 'node:timers/promises';\n",
  },
  { what: 'steps importing shell', file: 'src/steps/a.ts', code: use('../shell/target.ts') },
  { what: 'steps importing ports', file: 'src/steps/b.ts', code: use('../ports.ts') },
  {
    what: 'steps importing machines',
    file: 'src/steps/c.ts',
    code: use('../../machines/target.ts'),
  },
  {
    what: 'core importing the sanitizer of the steps',
    file: 'src/core/sanitizer.ts',
    code: "export { default } from 'sanitize-html';\n",
  },
  {
    what: 'steps importing a package',
    file: 'src/steps/d.ts',
    code: "export { pino } from 'pino';\n",
  },
  { what: 'machines importing steps', file: 'machines/a.ts', code: use('../src/steps/target.ts') },
  { what: 'machines importing shell', file: 'machines/b.ts', code: use('../src/shell/target.ts') },
  { what: 'machines importing ports', file: 'machines/c.ts', code: use('../src/ports.ts') },
  {
    what: 'machines importing node:fs',
    file: 'machines/d.ts',
    code: "export { existsSync } from 'node:fs';\n",
  },
  {
    what: 'shell importing an adapter',
    file: 'src/shell/a.ts',
    code: use('../adapters/disk/target.ts'),
  },
  { what: 'shell importing wire', file: 'src/shell/b.ts', code: use('../wire.ts') },
  { what: 'shell importing settings', file: 'src/shell/c.ts', code: use('../config.ts') },
  {
    what: 'shell importing node:fs',
    file: 'src/shell/d.ts',
    code: "export { existsSync } from 'node:fs';\n",
  },
  {
    what: 'shell importing an SDK',
    file: 'src/shell/e.ts',
    code: "export { createClient } from '@supabase/supabase-js';\n",
  },
  {
    what: 'adapters importing shell',
    file: 'src/adapters/disk/a.ts',
    code: use('../../shell/target.ts'),
  },
  {
    what: 'adapters importing steps',
    file: 'src/adapters/disk/b.ts',
    code: use('../../steps/target.ts'),
  },
  {
    what: 'adapters importing machines',
    file: 'src/adapters/disk/c.ts',
    code: use('../../../machines/target.ts'),
  },
  { what: 'adapters importing wire', file: 'src/adapters/disk/d.ts', code: use('../../wire.ts') },
  { what: 'dashboard importing wire', file: 'src/dashboard/a.ts', code: use('../wire.ts') },
  {
    what: 'dashboard importing adapters',
    file: 'src/dashboard/b.ts',
    code: use('../adapters/disk/target.ts'),
  },
  { what: 'cli importing adapters', file: 'src/cli/a.ts', code: use('../adapters/disk/target.ts') },
];

const PURE: readonly Plant[] = [
  ...['src/core', 'src/steps', 'machines'].flatMap((folder) => [
    {
      what: `${folder} reading the clock`,
      file: `${folder}/now.ts`,
      code: 'export const x = Date.now();\n',
      rule: GLOBALS,
    },
    {
      what: `${folder} making a Date`,
      file: `${folder}/date.ts`,
      code: 'export const x = new Date();\n',
      rule: GLOBALS,
    },
    {
      what: `${folder} rolling dice`,
      file: `${folder}/dice.ts`,
      code: 'export const x = Math.random();\n',
      rule: 'eslint(no-restricted-properties)',
    },
    {
      what: `${folder} setting a timer`,
      file: `${folder}/timer.ts`,
      code: 'export const x = setTimeout(() => 1, 1);\n',
      rule: GLOBALS,
    },
  ]),
  {
    what: 'the clock by another name',
    file: 'src/core/l.ts',
    code: 'export const x = globalThis.Date.now();\n',
    rule: GLOBALS,
  },
  {
    what: 'the environment in core',
    file: 'src/core/m.ts',
    code: "export const x = process.env['A'];\n",
    rule: GLOBALS,
  },
  {
    what: 'dice taken apart',
    file: 'src/core/n.ts',
    code: 'const { random } = Math;\nexport const x = random();\n',
    rule: 'eslint(no-restricted-properties)',
  },
];

const LANGUAGE: readonly Plant[] = [
  {
    what: 'a promise that nobody awaits',
    file: 'src/shell/floating.ts',
    code: 'export async function go(): Promise<void> {}\nexport function start(): void {\n  go();\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    what: 'a switch that forgets a case',
    file: 'src/shell/switch.ts',
    code:
      "export function f(at: 'a' | 'b' | 'c'): number {\n  switch (at) {\n    case 'a':\n" +
      "      return 1;\n    case 'b':\n      return 2;\n  }\n  return 3;\n}\n",
    rule: 'typescript(switch-exhaustiveness-check)',
  },
  {
    what: 'any',
    file: 'src/cli/any.ts',
    code: 'export function f(value: any): void {\n  void value;\n}\n',
    rule: 'typescript(no-explicit-any)',
  },
  {
    what: 'a non-null assertion',
    file: 'src/adapters/disk/assert.ts',
    code: 'export const f = (list: readonly number[]): number => list[0]!;\n',
    rule: 'typescript(no-non-null-assertion)',
  },
  {
    what: 'a value that JSON.parse left untyped',
    file: 'src/cli/unsafe.ts',
    code: "const read = JSON.parse('{}');\nexport const name: string = read.name;\n",
    rule: 'typescript(no-unsafe-assignment)',
  },
  {
    what: 'an empty catch',
    file: 'src/shell/catch.ts',
    code: 'export function f(act: () => void): void {\n  try {\n    act();\n  } catch {}\n}\n',
    rule: 'eslint(no-empty)',
  },
  {
    what: 'a cycle of imports',
    file: 'src/shell/ring.ts',
    code: "import { b } from './ring-b.ts';\nexport const a = (): number => b();\n",
    rule: 'import(no-cycle)',
  },
];

const PLANTS: readonly Plant[] = [
  ...FOLDERS.map(({ what, file, code }) => ({ what, file, code, rule: IMPORTS })),
  ...PURE,
  ...LANGUAGE,
];
const RING = "import { a } from './ring.ts';\nexport const b = (): number => a();\n";

const output = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string() })),
});

describe('the linter', () => {
  let tree: string;
  const found = new Map<string, string[]>();

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'planline-lint-'));
    for (const name of ['.oxlintrc.json', 'tsconfig.json']) {
      await cp(join(packageRoot, name), join(tree, name));
    }
    await symlink(join(packageRoot, 'node_modules'), join(tree, 'node_modules'), 'junction');
    const files = [
      ...Object.entries(ALLOWED),
      ...PLANTS.map(({ file, code }) => [file, code] as const),
      ['src/shell/ring-b.ts', RING] as const,
    ];
    for (const [path, code] of files) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), code);
    }
    const text = await new Promise<string>((resolve) => {
      // Its exit code is 1, as it finds what was planted.
      execFile(
        process.execPath,
        [OXLINT, '--type-aware', '--format', 'json'],
        { cwd: tree, maxBuffer: 16 * 1024 * 1024 },
        (_error, stdout) => resolve(stdout),
      );
    });
    for (const { filename, code } of output.parse(JSON.parse(text)).diagnostics) {
      const path = filename.replaceAll('\\', '/');
      found.set(path, [...(found.get(path) ?? []), code]);
    }
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(PLANTS)('refuses $what', ({ file, rule }) => {
    expect(found.get(file)).toContain(rule);
  });

  it('takes what the architecture allows', () => {
    expect(Object.keys(ALLOWED).flatMap((file) => found.get(file) ?? [])).toEqual([]);
  });
});
