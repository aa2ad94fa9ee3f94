import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../../src/shell/sweep.ts';
import { verifyLead } from '../../../src/shell/verify.ts';
import { containing } from '../../support/matchers.ts';
import { openTestWorkshop, TELLING } from '../../support/workshop.ts';

const DESCRIPTION =
  'I am 31 and have cooked in restaurants for nine years. I want to learn to code.';

/** An archived lead, its log as lines, and what verify says of it. */
async function archivedLead() {
  const workshop = await openTestWorkshop();
  const { shell, database, outbox, signals } = workshop;
  const id = await database.directory.add({ description: DESCRIPTION });
  await sweep({ shell, outbox, notifiers: [], telling: TELLING }, signals);
  expect(await workshop.statusOf(id)).toBe('archived');
  const path = join(shell.artifacts.lead(id).directory, 'events.jsonl');
  return {
    id,
    database,
    directory: database.directory,
    verify: (directory = database.directory) =>
      verifyLead(id, { ...shell, directory, recovery: database.recovery }),
    claimAs: (daemon: string) =>
      database.store.claim({ daemon, leaseMs: 60_000, running: [], only: id }),
    editLog: async (edit: (lines: string[]) => string[]) => {
      const lines = (await readFile(path, 'utf8')).trim().split('\n');
      await writeFile(
        path,
        edit(lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
    },
  };
}

describe('verifyLead', () => {
  it('finds nothing wrong with what was just archived', async () => {
    const { verify, database, id } = await archivedLead();
    const last = database.events(id).at(-1);
    expect(await verify()).toEqual({
      leadId: id,
      seq: last?.seq,
      hash: last?.hash,
      status: 'archived',
      problems: [],
      notes: [],
    });
  });

  it('takes no offence at what others appended since the run, but does at what a daemon wrote', async () => {
    const { verify, database, id } = await archivedLead();
    const told = { notification_id: 'x', channel: 'slack' };
    database.record(id, 'notification.delivered', told, 'outbox');
    database.edit(id, { description: 'changed by hand' });
    const found = await verify();
    expect(found).toMatchObject({ problems: [], seq: database.events(id).length });

    database.record(id, 'notification.delivered', told, 'd2');
    expect((await verify()).problems).toEqual([
      containing('is in the database but not in events.jsonl'),
      'the two streams fold to different states',
    ]);
  });

  it('calls a log behind, not wrong, that ends where another daemon took the lead over', async () => {
    const { verify, database, id, claimAs } = await archivedLead();
    const { length } = database.events(id);
    database.edit(id, { status: 'flagged' });
    await claimAs('d2');
    expect(await verify()).toMatchObject({
      problems: [],
      notes: [`events.jsonl ends at seq ${length}, where d2 took the lead over`],
    });
  });

  it('misses what this very daemon wrote, whoever took the lead over since', async () => {
    const { verify, editLog, database, id, claimAs } = await archivedLead();
    database.edit(id, { status: 'flagged' });
    await claimAs('d2');
    await editLog((lines) => lines.slice(0, -1));
    expect((await verify()).problems).toContainEqual(containing('but not in events.jsonl'));
  });

  it('misses the last line of the log', async () => {
    const { verify, editLog, database, id } = await archivedLead();
    await editLog((lines) => lines.slice(0, -1));
    const { length } = database.events(id);
    expect((await verify()).problems).toContain(
      `seq ${length} (step.completed) is in the database but not in events.jsonl`,
    );
  });

  it('tells of a line that was changed, on the side where it was', async () => {
    const { verify, editLog } = await archivedLead();
    await editLog((lines) => lines.map((line) => line.replace('"actor":"d1"', '"actor":"d2"')));
    expect((await verify()).problems).toEqual([
      containing('events.jsonl, seq 2: its content does not fit its hash'),
      'seq 2 (lead.claimed) differs between the database and events.jsonl: actor',
    ]);
  });

  it('tells of a log that knows more than the database', async () => {
    const { verify, editLog, database, id } = await archivedLead();
    const more = database.events(id).length + 1;
    await editLog((lines) => [
      ...lines,
      (lines.at(-1) ?? '').replace(/"seq":\d+/, `"seq":${more}`),
    ]);
    expect((await verify()).problems).toContain(
      `seq ${more} (step.completed) is in events.jsonl but not in the database`,
    );
  });

  it('does not ask for a log on a machine that never worked on the lead', async () => {
    const { verify, editLog } = await archivedLead();
    await editLog(() => []);
    expect((await verify()).problems).toEqual([]);
  });

  it('tells of a row that is not what its events say', async () => {
    const { id, database, verify, directory } = await archivedLead();
    const row = await directory.get(id);
    if (row === null) throw new Error('the lead has no row');
    const withRow = (get: typeof directory.get) => verify({ ...directory, get });
    expect((await withRow(async () => ({ ...row, status: 'processing' }))).problems).toEqual([
      'the row says "processing", its events say "archived"',
    ]);
    expect((await withRow(async () => null)).problems).toEqual(['the row is not in junior_leads']);
    // Deleted by hand, which is an event: nothing disagrees.
    database.remove(id);
    expect((await verify()).problems).toEqual([]);
  });
});
