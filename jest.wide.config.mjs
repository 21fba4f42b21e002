import shared, { WIDE } from './jest.config.mjs';

/** What takes long and is seldom broken by one change: `npm run test:wide`. */
export default {
  ...shared,
  testMatch: WIDE.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  testPathIgnorePatterns: ['/node_modules/'],
};
