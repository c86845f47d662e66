import { defineConfig } from 'vitest/config';

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
const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: 'forks' } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
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
