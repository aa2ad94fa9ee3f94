import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/embedded/pglite.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Counts what PGlite asks the operating system to bring to the disk. */
function countSyncs(): () => number {
  const original = fs.fsyncSync;
  let count = 0;
  fs.fsyncSync = (descriptor) => {
    original(descriptor);
    count += 1;
  };
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.fsyncSync = original;
    syncBuiltinESMExports();
  });
  return () => count;
}

it('brings every commit to the disk before it is acknowledged', async () => {
  const syncs = countSyncs();
  const { driver, close } = await openForTest(join(await tempFolder(), 'database'));
  expect((await driver.query('show fsync')).rows).toEqual([{ fsync: 'on' }]);
  await driver.exec('create table kept (n int)');
  for (const n of [1, 2, 3]) {
    const before = syncs();
    await driver.query('insert into kept values ($1)', [n]);
    expect(syncs()).toBe(before + 1);
  }
  const before = syncs();
  await driver.query('select * from kept');
  expect(syncs()).toBe(before);
  await driver.exec('checkpoint');
  expect(syncs()).toBeGreaterThan(before);
  await close();
});

async function openForTest(folder: string): Promise<{
  driver: Awaited<ReturnType<typeof openDatabase>>['driver'];
  close: () => Promise<void>;
}> {
  const connection = await openDatabase(folder);
  return { driver: connection.driver, close: () => connection.close() };
}
