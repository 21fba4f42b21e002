import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

type Ways = Record<'behind' | 'lasting' | 'pausing', (at: (name: string) => string) => Promise<unknown>>;

const HIDING: Ways = {
  behind: (at) =>
    run('ffmpeg', ['-v', 'error', '-y', '-ss', '0.97', '-i', at('whole.mp4'), '-c', 'copy', at('cut.mp4')]),
  lasting: async (at) => {
    const bytes = await readFile(at('whole.mp4'));
    bytes.writeUInt32BE(0, bytes.indexOf('elst') + 12); // how long the only edit lasts
    await writeFile(at('cut.mp4'), bytes);
  },
  pausing: async (at) => {
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-itsoffset',
      '0.5',
      '-i',
      at('whole.mp4'),
      '-c',
      'copy',
      at('late.mp4'),
    ]);
    const bytes = await readFile(at('late.mp4'));
    bytes.writeUInt32BE(0, bytes.indexOf('elst') + 24); // how long the edit behind the pause lasts
    await writeFile(at('cut.mp4'), bytes);
  },
};

it.each([
  ['behind', 'it begins behind the last of them'],
  ['lasting', 'its edits last 0 s'],
  ['pausing', 'its edits last 0 s'],
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
    const [, option = '', value = ''] =
      /; ffmpeg (-\w+) (\d) -i SOURCE -c copy NEW\.mp4 shows all/.exec(JSON.stringify(outcome)) ?? [];
    await run('ffmpeg', ['-v', 'error', '-y', option, value, '-i', at('cut.mp4'), '-c', 'copy', at('new.mp4')]);
    expect((await mill.run(at('new.mp4'), 'preserve', QUICK)).outcome).toMatchObject({ status: 'done' });
  },
);

it('a film whose edits last no time is in step as it was in the way that is named', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=1'];
  await run('ffmpeg', ['-v', 'error', ...inputs, '-c:v', 'libx264', '-bf', '2', '-c:a', 'aac', at('whole.mp4')]);
  const bytes = await readFile(at('whole.mp4'));
  for (let list = bytes.indexOf('elst'); list >= 0; list = bytes.indexOf('elst', list + 4))
    bytes.writeUInt32BE(0, list + 12);
  await writeFile(at('cut.mp4'), bytes);
  const mill = await testMill();
  expect(JSON.stringify((await mill.run(at('cut.mp4'), 'preserve', QUICK)).outcome)).toContain('-advanced_editlist 0');
  await run('ffmpeg', ['-v', 'error', '-advanced_editlist', '0', '-i', at('cut.mp4'), '-c', 'copy', at('new.mp4')]);
  const times = async (name: string) =>
    (await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=stream_index,pts_time', '-of', 'csv=p=0', at(name)]))
      .stdout;
  const [first, second] = [await times('whole.mp4'), await times('new.mp4')];
  expect(second.split('\n').filter((line) => line.startsWith('0,'))).toEqual(
    first.split('\n').filter((line) => line.startsWith('0,')),
  );
  expect(second.split('\n').find((line) => line.startsWith('1,'))).toBe(
    first.split('\n').find((line) => line.startsWith('1,')),
  );
});
