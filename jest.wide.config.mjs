import shared from './jest.config.mjs';

/** What asks the same of every kind of source: `npm run test:wide`. */
export default {
  ...shared,
  testMatch: ['<rootDir>/test/wide/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
