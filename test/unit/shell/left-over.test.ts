import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDispatcher } from '../../../src/shell/dispatcher.ts';
import { settleLeftOvers } from '../../../src/shell/left-over.ts';
import { ENGLISH } from '../../support/descriptions.ts';
import { openTestWorkshop } from '../../support/workshop.ts';

it('a run that was killed after its end is given back, its summary whole and nothing left behind', async () => {
  const { shell, database, signals } = await openTestWorkshop({ channels: [] });
  const id = await database.directory.add({ description: ENGLISH });
  const killed = async (): Promise<never> => {
    throw new Error('killed');
  };
  const dying = { ...shell, store: { ...shell.store, release: killed } };
  const dispatcher = createDispatcher(dying, signals);
  dispatcher.poke();
  await dispatcher.idle();
  expect(await database.directory.heldAtRest('d1')).toMatchObject([{ id, status: 'archived' }]);

  const { directory } = shell.artifacts.lead(id);
  const summary = join(directory, 'run_summary.json');
  const whole = await readFile(summary, 'utf8');
  await writeFile(summary, '[]');
  await writeFile(join(directory, '.run_summary.json.9999999.1.tmp'), whole.slice(0, 40));

  await settleLeftOvers(shell);
  expect(await database.directory.heldAtRest('d1')).toEqual([]);
  expect(await readFile(summary, 'utf8')).toBe(whole);
  expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
