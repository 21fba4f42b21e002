import shared from './jest.config.mjs';

/** What needs a browser: `npm run test:browser`. */
export default {
  ...shared,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Films play in real time here, and a browser, a server and a player beside them would stall each other.
  maxWorkers: 1,
};
