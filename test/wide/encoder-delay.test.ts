import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const CHAPTERS = [
  ';FFMETADATA1',
  ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=0', 'END=1000', 'title=before'],
  ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=1000', 'END=2000', 'title=flash'],
].join('\n');

const SUBTITLE = '1\n00:00:01,000 --> 00:00:01,500\nflash\n';

type Read = {
  readonly packets: readonly { readonly codec_type: string; readonly pts_time: string }[];
  readonly chapters: readonly { readonly start_time: string }[];
};

describe('AAC whose beginning an edit list hides, in Matroska', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, 'chapters.txt'), CHAPTERS);
    await writeFile(join(folder, 'texts.srt'), SUBTITLE);
    const picture = "color=black:s=96x64:r=25:d=2,drawbox=0:0:96:64:white:fill:enable='gte(t,1)'";
    const inputs = [
      ...['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', "aevalsrc='if(gte(t,1),sin(6283*t)*.5,0)':s=48000:d=2"],
      ...['-i', join(folder, 'chapters.txt'), '-i', join(folder, 'texts.srt')],
    ];
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '3:s', '-map_chapters', '2'];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-c:s', 'mov_text'];
    await run('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps, ...codecs, join(folder, 'delayed.mp4')]);
  });

  it('begins with its picture, its texts and its chapters later, so that every player has them in step', async () => {
    const made = await milledFile(join(folder, 'delayed.mp4'), { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    const path = made.path('preserve.mkv');
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_packets', '-show_chapters', '-of', 'json', path]);
    const { packets, chapters }: Read = JSON.parse(stdout);
    const begins = (type: string) => Number(packets.find(({ codec_type }) => codec_type === type)?.pts_time);
    const delay = begins('video');
    expect(begins('audio')).toBe(0);
    expect(delay).toBeCloseTo(0.021, 6);
    expect(begins('subtitle')).toBeCloseTo(1 + delay, 6);
    expect(chapters.map(({ start_time }) => Number(start_time))).toEqual([0, 1 + delay]);
    expect(await soundBegins(path)).toBeCloseTo(1 + delay, 2);
  });
});

/** When the silence at the beginning ends, in seconds of the file's clock, as a decoder plays it. */
async function soundBegins(path: string): Promise<number> {
  const args = ['-v', 'info', '-i', path, '-map', '0:a', '-af', 'silencedetect=n=-20dB:d=0.2', '-f', 'null', '-'];
  const { stderr } = await run('ffmpeg', args);
  return Number(/silence_end: ([\d.]+)/.exec(stderr)?.[1]);
}
