import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RAW_PIXEL_FORMATS, type RawPixelFormat } from '../../../core/film/raw-formats.ts';
import { nutChunks } from '../../../media/nut/frames.ts';
import { type NutFrame, readNutFrames } from '../../../media/nut/read-nut-frames.ts';
import { ffmpeg, framesOf, secondsOf, textOf } from './ffmpeg.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nut-'));
});
afterAll(() => rm(folder, { recursive: true }));

const EXACT = ['-c:v', 'rawvideo', '-fps_mode', 'passthrough', '-enc_time_base', '-1'];

/** Times in uneven steps of 1/90000 s, with a late first frame. */
const uneven = 'settb=1/90000,setpts=45001+N*3003+N*N*7+mod(N\\,3)*1000';

describe('raw frames between ffmpeg and us', () => {
  it.each(RAW_PIXEL_FORMATS)('stay unchanged both ways in %s', async (format) => {
    const { before, ours, after } = await throughUs({ format, size: '34x18', filter: 'null', frames: 3 });
    expect(before).toHaveLength(3);
    expect(ours).toEqual(before);
    expect(after).toEqual(before);
  });

  it.each([
    { does: 'an uneven rate and a late start, 8 bits', filter: uneven, format: 'yuv420p', size: '160x90' },
    { does: 'an uneven rate and a late start, 10 bits', filter: uneven, format: 'yuv420p10le', size: '160x90' },
    { does: '59.94 frames a second', filter: 'settb=1001/60000,setpts=N', format: 'yuv422p10le', size: '160x90' },
    { does: 'odd sizes', filter: 'null', format: 'yuv420p', size: '33x17' },
    {
      does: 'frames so small that NUT leaves out how they begin',
      filter: 'geq=lum=eq(X\\,2)*(1-Y)',
      format: 'gray',
      size: '8x4',
    },
    { does: 'gaps of seconds', filter: 'setpts=N*125', format: 'gray', size: '64x48' },
  ] as const)('keep pictures and times through $does', async ({ filter, format, size }) => {
    const { before, ours, after } = await throughUs({ format, size, filter, frames: 40 });
    expect(before).toHaveLength(40);
    expect(new Set(before.map((frame) => frame.split(' ')[0])).size).toBe(40);
    expect(ours).toEqual(before);
    expect(after).toEqual(before);
  });

  it('are read past the headers that ffmpeg repeats', async () => {
    const { before, ours, after } = await throughUs({ format: 'rgba', size: '320x240', filter: 'null', frames: 60 });
    expect(ours).toEqual(before);
    expect(after).toEqual(before);
  });

  it('carry shape and frame rate to ffmpeg', async () => {
    const decoder = ffmpeg(
      ...clip('64x48', `${uneven},setsar=64/45`),
      '-frames:v',
      '9',
      ...EXACT,
      '-f',
      'nut',
      'pipe:1',
    );
    const frames = readNutFrames(decoder.stdout);
    const first = await firstOf(frames);
    expect(first.sar).toEqual({ num: 64, den: 45 });
    const encoder = ffmpeg('-f', 'nut', '-i', 'pipe:0', '-c', 'copy', '-f', 'nut', 'pipe:1');
    const video = { ...first, frameRate: { num: 30000, den: 1001 } };
    const [told] = await Promise.all([
      textOf(encoder.stdout),
      pipeline(nutChunks(video, andThen(first, frames)), encoder.stdin),
    ]);
    expect(told).toContain('r_frame_rate\u0002\n30000/1001');
    expect(await encoder.ended).toBe('');
  });
});

/** The filter is applied to the input, because -enc_time_base -1 takes the time base of the demuxed stream. */
const clip = (size: string, filter: string) => ['-f', 'lavfi', '-i', `testsrc2=s=${size},${filter}`];

type Trip = { format: RawPixelFormat; size: string; filter: string; frames: number };

/**
 * Reports on the frames as ffmpeg decodes them, as readNutFrames reads them, and as ffmpeg reads what nutWriter writes.
 */
async function throughUs({ format, size, filter, frames }: Trip) {
  const report = join(folder, `${format}-${size}.framemd5`);
  const shape = ['-frames:v', String(frames), '-pix_fmt', format, ...EXACT];
  const decoder = ffmpeg(...clip(size, filter), ...shape, '-f', 'nut', 'pipe:1', ...shape, '-f', 'framemd5', report);
  const encoder = ffmpeg('-f', 'nut', '-i', 'pipe:0', ...EXACT, '-f', 'framemd5', 'pipe:1');
  const ours: string[] = [];
  const read = readNutFrames(decoder.stdout);
  const first = await firstOf(read);
  async function* noted() {
    for await (const frame of andThen(first, read)) {
      ours.push(`${secondsOf(frame.pts, frame.timeBase)} ${createHash('md5').update(frame.data).digest('hex')}`);
      yield frame;
    }
  }
  const [after] = await Promise.all([textOf(encoder.stdout), pipeline(nutChunks(first, noted()), encoder.stdin)]);
  expect(await encoder.ended).toBe('');
  await decoder.ended;
  expect(first.pixelFormat).toBe(format);
  return { before: framesOf(await readFile(report, 'utf8')), ours, after: framesOf(after) };
}

async function firstOf(frames: AsyncGenerator<NutFrame>): Promise<NutFrame> {
  const first = await frames.next();
  if (first.done) throw new Error('no frames');
  return first.value;
}

async function* andThen(first: NutFrame, rest: AsyncIterable<NutFrame>) {
  yield first;
  yield* rest;
}
