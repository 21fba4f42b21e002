import { availableParallelism } from 'node:os';

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic', importSource: 'preact' }, verbatimModuleSyntax: true },
    experimental: { keepImportAttributes: true }, // jest imports JSON only where `with` says so
  },
  module: { type: 'es6' },
  sourceMaps: true, // in files of their own: within a module they are two thirds of what node has to read of it
};

/**
 * The folders of test/ that `npm run test:wide` runs: what every kind of source becomes, and how all is built, deployed and
 * installed.
 */
export const WIDE = ['wide', 'docker', 'package', 'scripts', 'template'];

/** Run through scripts/test.mjs, which gives node what jest needs for ES modules. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...['browser', ...WIDE].map((folder) => `<rootDir>/test/${folder}/`)],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': ['<rootDir>/scripts/jest-transform.mjs', swc] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/lib/', '<rootDir>/.cache/', '<rootDir>/demo/output/'],
  watchman: false,
  // Tests run encoders, which take the cores that are there themselves. One test uses about three quarters of a core, since it
  // also waits for processes and disks. If they wait independently, a core of two idles for 16 % of the time with three of them,
  // and for 5 % with four.
  maxWorkers: Math.max(4, Math.floor(availableParallelism() / 2)),
  // Modules of a test file that has ended stay in the heap, and the larger that is, the longer a program takes to be started.
  workerIdleMemoryLimit: '300MB',
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
  testTimeout: 240_000,
  reporters: ['default', '<rootDir>/scripts/no-skipped-tests.mjs', '<rootDir>/scripts/run-folder.mjs'],
};
