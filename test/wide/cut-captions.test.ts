import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Caption, captionPairs, withCaptions } from '../fixtures/captions.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const SETTINGS = { ...QUICK, evenIfLarger: 'true' };
const FRAMES = 100;
/** The film begins with this picture, as a cut without encoding leaves it, and ends with picture 87. */
const CUT = 37;

describe('captions of a film whose edit list begins behind its first picture', () => {
  let folder: string;
  let h264: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${FRAMES / 25}`, '-c:v', 'libx264', '-bf', '0'];
    const alone = ['-preset', 'ultrafast', '-g', '25', '-x264-params', 'slices=1:threads=1', '-pix_fmt', 'yuv420p'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...alone, join(folder, 'plain.h264')]);
    h264 = await readFile(join(folder, 'plain.h264'));
  });

  async function film(caption: Caption): Promise<string> {
    const [bytes, mp4] = [join(folder, 'film.h264'), join(folder, `${caption.text}.mp4`)];
    await writeFile(bytes, withCaptions(h264, captionPairs(FRAMES, [caption])));
    const scales = ['-video_track_timescale', '25000', '-movie_timescale', '1000'];
    await run('ffmpeg', ['-v', 'error', '-y', '-r', '25', '-i', bytes, '-c', 'copy', ...scales, mp4]);
    const cut = replaceBox(await readFile(mp4), ['moov', 'trak', 'edts', 'elst'], (elst) => {
      elst.writeUInt32BE((87 - CUT) * 40, 8);
      elst.writeInt32BE(elst.readInt32BE(12) + CUT * 1000, 12);
      return elst;
    });
    await writeFile(mp4, cut);
    return mp4;
  }

  it.each([
    { are: 'shown at the cut', text: 'BEFORE', from: 20, to: 44, times: '00:00:00,000 --> 00:00:00,280' },
    { are: 'loaded before it', text: 'ACROSS', from: 40, to: 60, times: '00:00:00,120 --> 00:00:00,920' },
    { are: 'within the film', text: 'WITHIN', from: 60, to: 70, times: '00:00:00,920 --> 00:00:01,320' },
    { are: 'shown at its end', text: 'BEHIND', from: 80, to: 95, times: '00:00:01,720 --> 00:00:02,000' },
  ])('that are $are have their times', async ({ times, ...caption }) => {
    const { path } = await milledFile(await film(caption), SETTINGS);
    expect(await readFile(path('stream-0.srt'), 'utf8')).toBe(`1\n${times}\n${caption.text}\n\n`);
  });

  it.each([
    { are: 'before the cut', text: 'EARLY', from: 20, to: 30 },
    { are: 'behind its end', text: 'LATE', from: 90, to: 95 },
  ])('that are $are are no texts of the film', async (caption) => {
    const { manifest } = await milledFile(await film(caption), SETTINGS);
    expect(manifest.sidecars).toEqual([]);
  });

  it('are streamed at their times, too', async () => {
    const { path } = await milledFile(
      await film({ text: 'STREAM', from: 40, to: 60 }),
      { preset: 'ultrafast' },
      smallLadder,
    );
    expect(await readFile(path('captions-0-cc1.vtt'), 'utf8')).toContain('00:00:00.120 --> 00:00:00.920');
  });
});
