import { expect, it } from 'vitest';
import { createMaintenance } from '../../../src/adapters/embedded/maintenance.ts';
import { recordingLog } from '../../support/recording-log.ts';

function steppable(): { ran: string[]; write: (count: number) => void; tick: () => Promise<void> } {
  const ran: string[] = [];
  const maintenance = createMaintenance(async (sql) => {
    ran.push(sql);
  }, recordingLog());
  const write = (count: number): void => {
    for (let n = 0; n < count; n += 1) maintenance.noteWrite();
  };
  return { ran, write, tick: () => maintenance.tick() };
}

it('leaves an idle database alone', async () => {
  const { ran, tick } = steppable();
  await tick();
  expect(ran).toEqual([]);
});

it('writes a checkpoint after writes, once', async () => {
  const { ran, write, tick } = steppable();
  write(3);
  await tick();
  await tick();
  expect(ran).toEqual(['checkpoint']);
});

it('vacuums after many writes, however they spread over the ticks', async () => {
  const { ran, write, tick } = steppable();
  write(1_500);
  await tick();
  write(500);
  await tick();
  write(1);
  await tick();
  expect(ran).toEqual(['checkpoint', 'vacuum (analyze)', 'checkpoint', 'checkpoint']);
});
