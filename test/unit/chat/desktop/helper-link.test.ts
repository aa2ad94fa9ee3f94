import { expect, it } from 'vitest';
import { createHelper } from '../../../../src/adapters/chat/desktop/helper-link.ts';
import { TIMINGS } from '../../../../src/adapters/chat/desktop/timings.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { recordingLog } from '../../../support/recording-log.ts';

it('a helper whose start failed is started anew by the next order, and needs no stopping', async () => {
  let starts = 0;
  const helper = createHelper({
    environment: () => {
      starts += 1;
      return Promise.reject(new Error(`no space, ${starts}`));
    },
    modifiers: [],
    timings: TIMINGS,
    clock: manualClock('2026-11-26T10:00:00.000Z'),
    log: recordingLog(),
  });
  const said = (n: number) => `The desktop helper cannot be started: no space, ${n}`;
  await expect(helper.call('scene', {})).rejects.toThrow(said(1));
  await expect(helper.call('scene', {})).rejects.toThrow(said(2));
  await helper.stop();
  expect(helper.pid()).toBeNull();
});
