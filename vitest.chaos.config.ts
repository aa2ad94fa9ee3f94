/** `npm run test:chaos`: all of the chaos, one file after the other, as each of them fills two cores. */
import { defineConfig } from 'vitest/config';

const HOUR_MS = 3_600_000;

export default defineConfig({
  test: {
    name: 'chaos',
    include: ['test/chaos/**/*.test.ts'],
    env: { PLANLINE_CHAOS: 'whole' },
    fileParallelism: false,
    testTimeout: HOUR_MS,
    hookTimeout: HOUR_MS,
  },
});
