import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

it('a track of texts in a MOV, as of marks, is copied with its times though nothing ends its last text', async () => {
  const folder = await temporaryFolder();
  const [marks, film] = [join(folder, 'marks.txt'), join(folder, 'film.mov')];
  const cues = ['00:00:00,200 --> 00:00:00,600\nMARK A', '00:00:01,000 --> 00:00:01,001\nMARK B'];
  await writeFile(marks, cues.map((cue, i) => `${i + 1}\n${cue}\n`).join('\n'));
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-f', 'srt', '-i', marks];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:s', 'mov_text'];
  await run('ffmpeg', ['-v', 'error', ...picture, ...codecs, film]);
  const { path, manifest } = await milledFile(film, { ...QUICK, evenIfLarger: 'true' });
  expect(manifest.warnings).toEqual([]);
  expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: 'its packets are copied' });
  const read = async (file: string) =>
    (await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:s', '-f', 'srt', '-'])).stdout;
  expect(await read(path('preserve.mp4'))).toBe(await read(film));
});
