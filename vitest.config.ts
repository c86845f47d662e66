import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const everything = [
  'shared/**/*.test.ts',
  'local/**/*.test.ts',
  'functions/**/*.test.ts',
  'test/**/*.test.ts',
];
/** Tests that start processes or put apps and their environment into their own get a process of their own. */
const apart = [
  'test/start/**/*.test.ts',
  'local/functionsHost/{hostStart,http,queues,serviceBus,timers}.test.ts',
];
/** Large amounts of data, minutes long: `npm run big`. */
const big = ['test/big/**/*.test.ts'];
/** Files of the shared process that take seconds; some of them only name what they share with others. */
const long = /^test\/(?:crash|scenarios|simulation|cost)\/|\.property\.test\.ts$|Crashes\.integration/;

/**
 * Without times of an earlier run vitest begins with the largest files, and at the end one worker would wait for the
 * other, which has a small file that takes long.
 */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const isShort = ({ project, moduleId }: TestSpecification) =>
      project.name === 'shared process' && !long.test(relative(root, moduleId).replaceAll('\\', '/'));
    // Stable: own processes, which come first by name, stay first.
    return (await super.sort(files)).toSorted((left, right) => +isShort(left) - +isShort(right));
  }
}

const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: 'forks' } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      // Loading the product anew for each of many files takes longer than the tests themselves.
      {
        test: {
          ...common,
          name: 'shared process',
          isolate: false,
          include: everything,
          exclude: [...apart, ...big],
        },
      },
      { test: { ...common, name: 'own process', include: apart } },
      ...(process.env['BIG'] ? [{ test: { ...common, name: 'big', include: big } }] : []),
    ],
  },
});
