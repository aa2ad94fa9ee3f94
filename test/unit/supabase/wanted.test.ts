/** What doctor looks for is what the migrations make: neither may be added to alone. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_VERSION, WANTED } from '../../../src/adapters/supabase/wanted.ts';
import { migrationsDir } from '../../../src/package-root.ts';

/** Fire as triggers, with no right of the daemon's key: doctor looks for the triggers themselves. */
const OF_TRIGGERS = [
  'planline_refuse_change',
  'planline_guard_lead',
  'planline_record_hand_edit',
  'planline_keep_page',
  'planline_keep_history',
];
/** Doctor calls these to ask at all, and says so where it cannot. */
const ASKED_WITH = ['planline_info', 'planline_lacks'];
/** Of an earlier release: planline_outbox_take_next came in its place. */
const SUPERSEDED = ['planline_outbox_take'];
/** Granted, and never used: planline deletes no row of a lead. */
const UNUSED_GRANTS = ['junior_leads DELETE'];

describe('what doctor looks for in the database', () => {
  let sql = '';
  let files: readonly string[] = [];
  beforeAll(async () => {
    files = (await readdir(migrationsDir)).filter((name) => name.endsWith('.sql')).toSorted();
    const texts = files.map((name) => readFile(join(migrationsDir, name), 'utf8'));
    sql = (await Promise.all(texts)).join('\n');
  });

  function made(pattern: RegExp): string[] {
    const names = [...sql.matchAll(pattern)].map(({ groups }) =>
      groups?.['table'] === undefined
        ? (groups?.['name'] ?? '')
        : `${groups['table']}.${groups['name'] ?? ''}`,
    );
    return [...new Set(names)].toSorted();
  }

  it('is the version of the newest migration, which is what planline_info tells last', () => {
    expect(files.at(-1)).toMatch(new RegExp(`^${SCHEMA_VERSION}_`));
    const told = [...sql.matchAll(/'schema_version', (\d+)/g)].map(([, version]) =>
      Number(version),
    );
    expect(told.at(-1)).toBe(SCHEMA_VERSION);
  });

  it('is every function that the migrations create, but for those that nobody calls by name', () => {
    const functions = made(/^create (?:or replace )?function public\.(?<name>\w+)/gm);
    const others = [...OF_TRIGGERS, ...ASKED_WITH, ...SUPERSEDED];
    expect(functions).toEqual([...WANTED.functions, ...others].toSorted());
  });

  it('is every trigger that they create', () => {
    const triggers = made(/^create trigger (?<name>\w+) [^;]*? on public\.(?<table>\w+)/gm);
    expect(triggers).toEqual(WANTED.triggers.toSorted());
  });

  it('is every privilege on a table that they grant to the daemon, but for unused ones', () => {
    const grants = [
      ...sql.matchAll(/^grant (?<privileges>[\w, ]+) on public\.(?<table>\w+) to service_role/gm),
    ].flatMap(({ groups }) =>
      (groups?.['privileges'] ?? '')
        .split(', ')
        .map((privilege) => `${groups?.['table'] ?? ''} ${privilege.toUpperCase()}`),
    );
    expect(grants.toSorted()).toEqual([...WANTED.grants, ...UNUSED_GRANTS].toSorted());
  });
});
