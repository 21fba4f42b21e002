import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { localScratch } from '../../../adapters/shared/local-scratch.ts';
import { startProgram } from '../../support/started-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** As a program that a killed run had started: it makes files as fast as it can, and is ended after a moment itself. */
const WRITER = `
const { writeFileSync } = require('node:fs');
for (let file = 0; file < 5_000; file++) {
  writeFileSync(process.argv[1] + '/' + file, '');
  if (file === 200) process.stdout.write('writes\\n');
}`;

it('removes a folder in which a program of a killed run writes for a moment yet', async () => {
  const root = await temporaryFolder();
  const scratch = localScratch(root);
  const writer = startProgram(process.execPath, ['-e', WRITER, await scratch.open('job')]);
  await writer.says('writes');
  await scratch.remove('job');
  expect(existsSync(join(root, 'job'))).toBe(false);
  await writer.ended;
});
