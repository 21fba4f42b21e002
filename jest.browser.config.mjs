import shared from './jest.config.mjs';

/** What needs a browser: `npm run test:browser`. */
export default {
  ...shared,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
