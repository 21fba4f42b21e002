import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { framePool, nutChunks, readAhead } from '../../../media/nut/frames.ts';
import { readNutFrames } from '../../../media/nut/read-nut-frames.ts';
import { frameOf } from '../../../media/onnx/contract-pictures.ts';
import { enlargeFrames } from '../../../media/onnx/enlarge-frames.ts';
import { temporalBatches } from '../../../media/onnx/runs.ts';
import { openUpscaler } from '../../../media/onnx/upscaler.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ffmpeg, framesOf, textOf } from '../nut/ffmpeg.ts';
import { untagged, withUpscaler } from './frames.ts';
import { averaging, type ModelAndFile, made, repeating, shipped, temporal } from './networks.ts';

const EXACT = ['-c:v', 'rawvideo', '-fps_mode', 'passthrough', '-enc_time_base', '-1'];
const uneven = 'settb=1/90000,setpts=9000+N*3003+mod(N\\,4)*700';

describe('frames from ffmpeg to ffmpeg through a network', () => {
  it.each(['yuv420p', 'yuv420p10le'] as const)(
    'come out twice as large in %s, each once, at its own time',
    async (pixelFormat) => {
      const { before, after } = await throughNetwork(await shipped('websr-s-rl'), pixelFormat, 900);
      expect(before).toHaveLength(25);
      expect(timesOf(after)).toEqual(timesOf(before));
      expect(new Set(after).size).toBe(25);
    },
  );

  it('equal those that ffmpeg enlarges by repeating pixels, with a network that repeats pixels', async () => {
    const { after, repeated } = await throughNetwork(made(repeating), 'yuv444p', 5000);
    expect(after).toEqual(repeated);
  });

  it.each([
    { window: 4, overlap: 1, cuts: [] },
    { window: 4, overlap: 1, cuts: [7] },
    { window: 5, overlap: 0, cuts: [2, 4, 11] },
    { window: 30, overlap: 4, cuts: [20] },
  ])('go through a network of $window frames with $overlap for context, and never past a cut ($cuts)', async (rule) => {
    const { window, overlap, cuts } = rule;
    const network = temporal(made(averaging), window, overlap);
    const shape = { width: 12, height: 10, pixelFormat: 'yuv444p' } as const;
    const COUNT = 23;
    const dark = (frame: number) => cuts.filter((cut) => cut <= frame).length % 2 === 0;
    const levels = Array.from({ length: COUNT }, (_, i) => (dark(i) ? 40 : 180) + ((i * 11) % 23));
    const pool = framePool();
    async function* source() {
      for (const [pts, level] of levels.entries()) {
        const data = pool.allocate(12 * 10 * 3);
        data.set(frameOf(shape, (plane) => (plane === 0 ? level : 128)));
        yield { pts, data };
      }
    }
    const found = await withUpscaler(network, shape, async (upscaler) => {
      const frames: { pts: number; level: number | undefined }[] = [];
      for await (const { pts, data } of enlargeFrames(upscaler, source(), pool)) {
        frames.push({ pts, level: data[0] });
        pool.release(data);
      }
      return frames;
    });
    const wanted: { pts: number; level: number }[] = [];
    for await (const run of temporalBatches(source(), rule, ({ pts }) => cuts.includes(pts))) {
      const mean = run.seen.reduce((sum, { pts }) => sum + (levels[pts] ?? 0), 0) / window;
      for (const { pts } of run.seen.slice(run.from, run.to)) {
        wanted.push({ pts, level: ((levels[pts] ?? 0) + mean) / 2 });
      }
    }
    expect(found.map(({ pts }) => pts)).toEqual(levels.map((_, i) => i));
    for (const [i, { level = 0 }] of found.entries()) {
      expect(Math.abs(level - (wanted[i]?.level ?? -9))).toBeLessThanOrEqual(1);
    }
  });
});

/** The framemd5 reports of the source, of the result, and of the source enlarged by ffmpeg. */
async function throughNetwork(
  { model, file }: ModelAndFile,
  pixelFormat: 'yuv420p' | 'yuv420p10le' | 'yuv444p',
  mostPixels: number,
) {
  const folder = await temporaryFolder();
  const reports = [join(folder, 'source'), join(folder, 'repeated')] as const;
  const exact = ['-pix_fmt', pixelFormat, ...EXACT];
  const decoder = ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=s=66x38:d=1,${uneven},format=${pixelFormat}`],
    ...[...exact, '-f', 'nut', 'pipe:1'],
    ...[...exact, '-f', 'framemd5', reports[0]],
    ...['-vf', 'scale=iw*2:ih*2:flags=neighbor', ...exact, '-f', 'framemd5', reports[1]],
  );
  const encoder = ffmpeg('-f', 'nut', '-i', 'pipe:0', ...EXACT, '-f', 'framemd5', 'pipe:1');
  const pool = framePool();
  const source = readAhead(readNutFrames(decoder.stdout, pool), 2);
  const frames = { width: 66, height: 38, pixelFormat, colour: untagged };
  const upscaler = await openUpscaler({ model, file, frames, mostPixels, device: 'cpu', threads: 1 });
  const video = { ...upscaler.frames, timeBase: { num: 1, den: 90_000 } };
  const [after] = await Promise.all([
    textOf(encoder.stdout),
    pipeline(nutChunks(video, enlargeFrames(upscaler, source, pool), pool.release), encoder.stdin),
  ]).finally(() => upscaler.close());
  await Promise.all([decoder.ended, encoder.ended]);
  const [before, repeated] = await Promise.all(reports.map((path) => readFile(path, 'utf8')));
  return { before: framesOf(before ?? ''), repeated: framesOf(repeated ?? ''), after: framesOf(after) };
}

const timesOf = (frames: readonly string[]) => frames.map((frame) => frame.split(' ')[0]);
