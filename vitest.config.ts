import { defineConfig } from 'vitest/config'

/** `expect.poll` waits for what will come; on a crowded machine that takes longer than its own default of a second. */
const PATIENT = { timeout: 20_000 }

/** End-to-end tests that time, kill or crowd the machine: one file after the other, when the others are done. */
const ALONE = [
  'test/e2e/soak/**/*.test.ts',
  ...['b-outage', 'c11-standstill', 'd-disk-full', 'd2-locked', 'f-strangers', 'g-tenants'].map(
    (name) => `test/e2e/faults/${name}.test.ts`,
  ),
]

const END_TO_END = {
  // The suite names what needed it (scripts/test-tries.mjs). Kill and random runs have none: there it may be the bug.
  retry: 1,
  include: ['test/e2e/**/*.test.ts'],
  // Limits for what hangs. A crowded machine takes a minute to start a service with its store.
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: PATIENT },
}

/** One project per group of tests, `screens` going with `unit`; `scripts/test.mjs` runs them in order and sums them up. */
export default defineConfig({
  test: {
    // Two is what the smallest build machine has; more would make the timing tests compete.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,connectors,bridge-service}/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          // Making an embedded store takes seconds of both cores.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll: PATIENT },
        },
      },
      {
        test: {
          name: 'screens',
          include: ['wp-plugin/src/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['wp-plugin/src/testing/setup.ts'],
          // Loading the components anew for each file takes three times as long as all tests. What a test changes on the
          // page or keeps in the browser it takes back itself; `setup.ts` does the rest.
          isolate: false,
          // Loading the components takes seconds of both cores.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cross',
          include: ['test/*.test.ts', 'test/{simulators,conformance}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: PATIENT },
        },
      },
      { test: { ...END_TO_END, name: 'e2e', exclude: ALONE, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...END_TO_END,
          name: 'alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'wordpress',
          include: ['test/wordpress/**/*.test.ts'],
          testTimeout: 120_000,
          // The first time, WordPress is downloaded and the screens are built.
          hookTimeout: 240_000,
          expect: { poll: PATIENT },
          fileParallelism: false,
        },
      },
    ],
  },
})
