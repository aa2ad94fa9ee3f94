import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { isWhole } from './test/support/extent.ts';

/** They press keys and look at a screen: a person's eye does not share its machine with other tests. */
const AT_THE_DESK = [
  'test/contract/chat-driver-desktop*.test.ts',
  'test/contract/chat-driver-soak.test.ts',
  'test/e2e/page-drivers.test.ts',
];

/**
 * Processes, browsers and a screen, on cores that are shared: what fails once is tried once more, and
 * the run says so.
 */
const RETRY = 1;

const MINUTE_MS = 60_000;
/** All of the documents, or twenty times as many inputs, take their time on any machine. */
const PURE_MS = isWhole ? 60 * MINUTE_MS : 2 * MINUTE_MS;

/** Hundreds of short processes load the same modules: compiled once, they cost half as much. */
process.env['NODE_COMPILE_CACHE'] ??= join(
  import.meta.dirname,
  'node_modules/.cache/planline-tests',
);

/** What takes longest begins first: a suite that began last would run on alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean =>
      moduleId.endsWith('/chaos/matrix.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: PURE_MS },
      },
      {
        test: { name: 'content', include: ['test/content/**/*.test.ts'], testTimeout: PURE_MS },
      },
      {
        test: {
          name: 'contract',
          retry: RETRY,
          include: ['test/contract/**/*.test.ts'],
          exclude: AT_THE_DESK,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          retry: RETRY,
          globalSetup: ['test/support/seed.ts'],
          include: ['test/e2e/**/*.test.ts'],
          exclude: AT_THE_DESK,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // After all others, a file at a time.
        test: {
          name: 'desk',
          retry: RETRY,
          globalSetup: ['test/support/seed.ts'],
          include: AT_THE_DESK,
          exclude: isWhole ? [] : ['**/chat-driver-desktop-*'],
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // Kills, and waits for outages to end: hours at most when all of it runs.
        test: {
          name: 'chaos',
          globalSetup: ['test/support/chaos/bundle.ts'],
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: isWhole ? 3_600_000 : 900_000,
          hookTimeout: isWhole ? 3_600_000 : 240_000,
        },
      },
    ],
    // Two cores: databases, chat servers and daemons run beside the tests.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
