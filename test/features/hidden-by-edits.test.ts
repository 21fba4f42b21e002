import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

type Ways = Record<'behind' | 'lasting', (at: (name: string) => string) => Promise<unknown>>;

const HIDING: Ways = {
  behind: (at) =>
    run('ffmpeg', ['-v', 'error', '-y', '-ss', '0.97', '-i', at('whole.mp4'), '-c', 'copy', at('cut.mp4')]),
  lasting: async (at) => {
    const bytes = await readFile(at('whole.mp4'));
    bytes.writeUInt32BE(0, bytes.indexOf('elst') + 12); // how long the only edit lasts
    await writeFile(at('cut.mp4'), bytes);
  },
};

it.each([
  ['behind', 'it begins behind the last of them'],
  ['lasting', 'its edits last 0 s'],
] as const)(
  'a film whose edit list shows nothing is refused by that name (%s), and the way that is named shows it all',
  async (way, cause) => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-bf', '0', at('whole.mp4')]);
    await HIDING[way](at);
    const mill = await testMill();
    const { outcome } = await mill.run(at('cut.mp4'), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(outcome)).toContain(`its edit list shows no packet of its h264, which decodes: ${cause}`);
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-ignore_editlist',
      '1',
      '-i',
      at('cut.mp4'),
      '-c',
      'copy',
      at('new.mp4'),
    ]);
    expect((await mill.run(at('new.mp4'), 'preserve', QUICK)).outcome).toMatchObject({ status: 'done' });
  },
);
