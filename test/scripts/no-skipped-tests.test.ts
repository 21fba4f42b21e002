import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSES = "test('passes', () => {});";

describe('a run of jest', () => {
  it.each([
    { has: 'tests that ran', source: PASSES, args: [], code: 0 },
    { has: 'a skipped test', source: `${PASSES} test.skip('later', () => {});`, args: [], code: 1 },
    {
      has: 'a skipped group',
      source: `${PASSES} describe.skip('later', () => { test('a', () => {}); });`,
      args: [],
      code: 1,
    },
    { has: 'only skipped tests', source: "test.skip('later', () => {});", args: [], code: 1 },
    { has: 'a test still to do', source: `${PASSES} test.todo('later');`, args: [], code: 1 },
    { has: 'tests left out by name', source: `${PASSES} test('other', () => {});`, args: ['-t', 'passes'], code: 0 },
  ])('exits $code with $has', async ({ source, args, code }) => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'test'));
    await writeFile(join(root, 'test/a.test.cjs'), source);
    const config = {
      rootDir: root,
      cacheDirectory: join(root, 'cache'),
      testMatch: ['**/*.test.cjs'],
      reporters: [resolve('scripts/no-skipped-tests.mjs')],
    };
    const jest = ['node_modules/jest/bin/jest.js', '--watchman=false', '--config', JSON.stringify(config), ...args];
    expect(await startProgram(process.execPath, jest).ended).toMatchObject({ code });
  });
});
