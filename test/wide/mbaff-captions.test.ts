import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { captionPairs, withCaptions } from '../fixtures/captions.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

it('captions inside pictures whose macroblocks are fields or frames (MBAFF) are beside the film, and told as gone from its pictures', async () => {
  const folder = await temporaryFolder();
  const [plain, captioned, film] = ['plain.h264', 'captioned.h264', 'film.mp4'].map((name) => join(folder, name));
  if (!plain || !captioned || !film) throw new Error('no names');
  const picture = 'testsrc2=s=96x64:r=50:d=2,tinterlace=interleave_top,setfield=tff';
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'],
    ...['-flags', '+ilme+ildct', '-x264-params', 'tff=1:slices=1:threads=1', '-pix_fmt', 'yuv420p', plain],
  ]);
  await writeFile(
    captioned,
    withCaptions(await readFile(plain), captionPairs(50, [{ text: 'HELLO', from: 24, to: 40 }])),
  );
  await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', captioned, '-c', 'copy', film]);
  const { path, manifest } = await milledFile(film, { ...QUICK, evenIfLarger: 'true' });
  expect(await readFile(path('stream-0.srt'), 'utf8')).toBe('1\n00:00:00,960 --> 00:00:01,600\nHELLO\n\n');
  expect(manifest.renditions[0]?.frames).toBe(100);
  expect(manifest.warnings).toContainEqual(expect.stringMatching(/^the closed captions are in the sidecar alone/));
});
