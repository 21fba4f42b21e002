import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAKES =
  "const folder = require('node:fs').mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'of-a-test-'));";

describe('a run of jest', () => {
  it.each([
    { leaves: 'a folder that a test made', source: MAKES, says: /^1 temporary .* left by tests: of-a-test-\w+$/m },
    {
      leaves: 'one that a program made',
      source: `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(MAKES)}]);`,
      says: /^1 temporary .* left by tests: of-a-test-\w+$/m,
    },
    { leaves: 'nothing', source: `${MAKES} require('node:fs').rmdirSync(folder);`, says: /^(?![\s\S]*left by tests)/ },
  ])('that leaves $leaves says so and removes it', async ({ source, says }) => {
    const root = await temporaryFolder();
    const ofAll = await temporaryFolder();
    await mkdir(join(root, 'test'));
    for (const name of ['a', 'b']) {
      const test = `test('passes', () => { ${name === 'a' ? source : ''} });`;
      await writeFile(join(root, `test/${name}.test.cjs`), test);
    }
    const config = {
      rootDir: root,
      cacheDirectory: join(root, 'cache'),
      testMatch: ['**/*.test.cjs'],
      reporters: [resolve('scripts/run-folder.mjs')],
    };
    const jest = ['node_modules/jest/bin/jest.js', '--watchman=false', '--config', JSON.stringify(config), '-w', '2'];
    const run = await startProgram(process.execPath, jest, { env: { ...process.env, TMPDIR: ofAll } }).ended;
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(says) });
    expect(await readdir(ofAll)).toEqual([]);
  });
});
