/** `npm run test:chaos`: all of the chaos. Some of it waits, so two files run at a time. */
import { defineConfig } from 'vitest/config';

const HOUR_MS = 3_600_000;

export default defineConfig({
  test: {
    name: 'chaos',
    include: ['test/chaos/**/*.test.ts'],
    env: { PLANLINE_CHAOS: 'whole' },
    maxWorkers: 2,
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS,
  },
});
