import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { withOwnFolder } from '../../../media/process/own-folder.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { startProgram } from '../../support/started-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a temporary folder of ours', () => {
  it('is for us alone, and gone after its use', async () => {
    const used = await withOwnFolder('reelmill-used-', async (folder) => {
      await writeFile(join(folder, 'a file'), '');
      return { folder, mode: (await stat(folder)).mode & 0o777 };
    });
    expect(used).toEqual({ folder: expect.stringContaining('reelmill-used-'), mode: 0o700 });
    expect(existsSync(used.folder)).toBe(false);
  });

  it('is gone after a use that fails', async () => {
    let folder = '';
    const failing = withOwnFolder('reelmill-failed-', async (path) => {
      folder = path;
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    expect(folder).not.toBe('');
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    { how: 'exits', ends: 'process.exit(0)' },
    { how: 'has a bug', ends: "setImmediate(() => { throw new Error('a bug'); })" },
    { how: 'is killed', ends: "process.kill(process.pid, 'SIGKILL')" },
  ])('is gone after our process $how', async ({ ends }) => {
    const temporary = await temporaryFolder();
    const script = await bundled(`
      import { writeFileSync } from 'node:fs';
      import { withOwnFolder } from './media/process/own-folder.ts';
      await withOwnFolder('reelmill-left-', async (folder) => {
        writeFileSync(folder + '/a file', '');
        process.stdout.write(folder, () => { ${ends} });
        await new Promise(() => setInterval(() => {}, 1_000));
      });
    `);
    const env = { ...process.env, TMPDIR: temporary };
    expect((await startProgram(process.execPath, [script], { env }).ended).stdout).toContain(temporary);
    while ((await readdir(temporary)).length > 0) await immediate();
  });
});
