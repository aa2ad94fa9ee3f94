import { describe, expect, it } from 'vitest';
import { CRASH_PHASES } from '../../src/core/crash-points.ts';
import { SCENARIOS, keyOf, type Cell, type Scenario } from '../support/chaos/cells.ts';
import { batchesOf, chainsOf, isUnknowable } from '../support/chaos/chains.ts';

const cell = (scenario: Scenario, order: string): Cell => {
  const [point, phase, nth] = order.split(':');
  return { scenario, point, phase, nth: Number(nth ?? 1) } as Cell;
};

const CELLS: readonly Cell[] = [
  cell(SCENARIOS.plain, 'claimed:begin'),
  cell(SCENARIOS.plain, 'daemon_named:start'),
  cell(SCENARIOS.plain, 'append_committed:plan'),
  cell(SCENARIOS.plain, 'append_committed:plan:2'),
  cell(SCENARIOS.plain, 'file_written:stage2'),
  cell(SCENARIOS.plain, 'file_written:stage2:2'),
  cell(SCENARIOS.plain, 'reply_saved:plan'),
  cell(SCENARIOS.plain, 'prompt_taken:plan'),
  cell(SCENARIOS.plain, 'append_sent:upload'),
  cell(SCENARIOS.plain, 'folder_hidden:notify'),
  cell(SCENARIOS.plain, 'released:rest'),
  cell(SCENARIOS.sloppy, 'refusal_recorded:plan'),
  cell(SCENARIOS.again, 'claimed:plan'),
  cell(SCENARIOS.again, 'claimed:upload'),
  cell(SCENARIOS.torn, 'log_written:begin'),
  cell(SCENARIOS.telling, 'notification_sent:tell'),
];

const names = (cells: readonly Cell[]): string =>
  cells.map((one) => `${one.scenario.name} ${keyOf(one)}`).join(', ');

describe('cells that share a lead', () => {
  it('are killed in the order of their phases; a new machine comes first, and none is left out', () => {
    const chains = chainsOf(CELLS);
    expect(chains.map(names)).toEqual([
      'plain daemon_named:start:1',
      'plain claimed:begin:1, plain append_committed:plan:2, plain file_written:stage2:1',
      'plain reply_saved:plan:1, plain file_written:stage2:2',
      'plain append_committed:plan:1',
      'plain folder_hidden:notify:1',
      'plain released:rest:1',
      'plain prompt_taken:plan:1, plain append_sent:upload:1',
      'sloppy refusal_recorded:plan:1',
      'again claimed:plan:1',
      'again claimed:upload:1',
      'torn log_written:begin:1',
      'telling notification_sent:tell:1',
    ]);
    expect(chains.flat()).toHaveLength(CELLS.length);
  });

  it('never excuse one another', () => {
    for (const chain of chainsOf(CELLS)) {
      expect(new Set(chain.map(isUnknowable)).size).toBe(1);
      expect(new Set(chain.map(({ phase }) => CRASH_PHASES.indexOf(phase))).size).toBe(
        chain.length,
      );
    }
  });

  it('share a machine only with those of their command and settings', () => {
    for (const batch of batchesOf(chainsOf(CELLS), 3)) {
      expect(batch.length).toBeLessThanOrEqual(3);
      const settings = batch.map(([{ scenario }]) => [scenario.command, scenario.env]);
      for (const one of settings) expect(one).toEqual(settings[0]);
    }
    expect(batchesOf(chainsOf(CELLS), 3).flat(2)).toHaveLength(CELLS.length);
  });
});
