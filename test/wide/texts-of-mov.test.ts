import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** A MOV with a track of two texts, which has this name. */
async function filmOfTexts(name: string): Promise<string> {
  const folder = await temporaryFolder();
  const [marks, film] = [join(folder, 'marks.txt'), join(folder, 'film.mov')];
  const cues = ['00:00:00,200 --> 00:00:00,600\nMARK A', '00:00:01,000 --> 00:00:01,001\nMARK B'];
  await writeFile(marks, cues.map((cue, i) => `${i + 1}\n${cue}\n`).join('\n'));
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-f', 'srt', '-i', marks];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:s', 'mov_text'];
  await run('ffmpeg', ['-v', 'error', ...picture, ...codecs, '-metadata:s:s:0', `handler_name=${name}`, film]);
  return film;
}

const textsIn = async (file: string) =>
  (await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:s', '-f', 'srt', '-'])).stdout;

it('a track of texts in a MOV, as of marks, is copied with its times though nothing ends its last text', async () => {
  const film = await filmOfTexts('SubtitleHandler');
  const { path, manifest } = await milledFile(film, { ...QUICK, evenIfLarger: 'true' });
  expect(manifest.warnings).toEqual([]);
  expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: 'its packets are copied' });
  expect(await textsIn(path('preserve.mp4'))).toBe(await textsIn(film));
});

it('texts of a MOV are copied and told where their name says that they are marks, and no player of a ladder is offered them', async () => {
  const film = await filmOfTexts('Chapter Markers');
  const told = 'its name "Chapter Markers" says that it holds marks and no subtitles';
  const { path, manifest } = await milledFile(film, { ...QUICK, evenIfLarger: 'true' });
  expect(manifest.streams[1]).toMatchObject({ fate: 'kept', why: `its packets are copied; ${told}` });
  expect(await textsIn(path('preserve.mp4'))).toBe(await textsIn(film));
  const streamed = await milledFile(film, { preset: 'ultrafast' }, smallLadder);
  expect(streamed.manifest.streams[1]).toMatchObject({
    fate: 'dropped',
    why: `${told}; they stay in the source`,
  });
  expect(streamed.manifest.subtitles ?? []).toEqual([]);
});
