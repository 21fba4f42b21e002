import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };
const FRAMES = 12; // of each of two halves

const half = (file: string, size: string, codec: readonly string[]) =>
  makeClip({ file, args: ['-f', 'lavfi', '-i', `color=white:s=${size}:r=25:d=0.48`, ...codec] });
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const QUICK = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '5', '-bf', '0'];
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'];
const LATER = ['-output_ts_offset', '0.48'];

/** Two files, one after the other, as recordings are put together. */
async function both(name: string, parts: readonly Promise<string>[]): Promise<string> {
  const path = join(await temporaryFolder(), name);
  const bytes = await Promise.all(parts.map(async (part) => readFile(await part)));
  await writeFile(path, name.endsWith('.ivf') ? ivf(bytes) : Buffer.concat(bytes));
  return path;
}

/** IVF counts its frames in its header, and each has its time. */
function ivf([first = Buffer.alloc(0), second = Buffer.alloc(0)]: readonly Buffer[]): Buffer {
  const [header, later] = [Buffer.from(first), Buffer.from(second.subarray(32))];
  header.writeUInt32LE(2 * FRAMES, 24);
  for (let at = 0, i = 0; at < later.length; at += 12 + later.readUInt32LE(at), i++)
    later.writeBigUInt64LE(BigInt(FRAMES + i), at + 4);
  return Buffer.concat([header, later]);
}

/** How bright a column of a frame is, at its middle line. */
async function columns(path: string, frame: number, width: number, height: number): Promise<readonly number[]> {
  const line = `select=eq(n\\,${frame}),crop=${width}:2:0:${height / 2 - 1},format=gray`;
  const args = ['-v', 'error', '-i', path, '-vf', line, '-frames:v', '1', '-f', 'rawvideo', '-'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer' });
  return [...stdout.subarray(0, width)];
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a picture that changes midway', () => {
  it.each([
    {
      change: 'grows between two recordings in TS',
      make: () => both('grows.ts', [half('a.ts', '96x64', MPEG2), half('b.ts', '192x128', [...MPEG2, ...LATER])]),
      is: [192, 128],
      bars: false,
      lost: 1, // ffmpeg's MPEG-2 decoder gives no picture that waits while the size changes
    },
    {
      change: 'becomes narrower with a second SPS',
      make: () => both('sps.h264', [half('a.h264', '192x96', X264), half('b.h264', '96x96', X264)]),
      is: [192, 96],
      bars: true,
    },
    {
      change: 'grows with a keyframe of VP8',
      make: () => both('vp8.ivf', [half('a.ivf', '96x64', VP8), half('b.ivf', '192x128', VP8)]),
      is: [192, 128],
      bars: false,
    },
  ])(
    'that $change comes out as large as its largest, and the manifest says so',
    async ({ make, is, bars, lost = 0 }) => {
      const source = await make();
      const { outcome, manifest, path } = await mill.run(source, 'preserve', FAST);
      expect(outcome).toMatchObject({ status: 'done' });
      const { renditions, warnings } = await manifest();
      const [width = 0, height = 0] = is;
      expect(renditions[0]).toMatchObject({ width, height, frames: 2 * FRAMES - lost });
      expect(warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^the picture changes between .* and /)]));
      const made = path('preserve.mp4');
      const first = await columns(made, 0, width, height);
      const last = await columns(made, 2 * FRAMES - 2, width, height);
      expect(Math.min(...first)).toBeGreaterThan(220);
      const edges = [last[2], last[width - 3]].map((value = 0) => value > 220);
      expect(edges).toEqual([!bars, !bars]);
      expect(last[width / 2]).toBeGreaterThan(220);
    },
  );

  it('in shape alone keeps both halves undistorted', async () => {
    const dar = (shape: string) => [...MPEG2, '-aspect', shape];
    const parts = [half('c.ts', '96x64', dar('16:9')), half('d.ts', '96x64', [...dar('4:3'), ...LATER])];
    const { outcome, manifest, path } = await mill.run(await both('shape.ts', parts), 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ width: 96, height: 64 });
    expect((await streamOf(path('preserve.mp4'))).display_aspect_ratio).toBe('16:9');
    const narrow = await columns(path('preserve.mp4'), 2 * FRAMES - 2, 96, 64);
    const white = narrow.filter((value) => value > 128).length;
    expect(Math.abs(white - (96 * (4 / 3)) / (16 / 9))).toBeLessThanOrEqual(2);
  });

  it.each(['ladder', 'vj', 'mezzanine'])('is brought to one shape by %s, too', async (recipe) => {
    const parts = [half('a.h264', '192x96', X264), half('b.h264', '96x96', X264)];
    const settings = recipe === 'ladder' ? { preset: 'ultrafast' } : {};
    const { outcome, manifest } = await mill.run(await both('sps.h264', parts), recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ width: 192, height: 96, frames: 2 * FRAMES });
  });
});

describe('a picture whose format or range changes midway', () => {
  const grey = (file: string, format: string, more: readonly string[] = []) =>
    makeClip({
      file,
      // one grey, however a format writes it down
      args: ['-f', 'lavfi', '-i', 'color=0x808080:s=96x64:r=25:d=0.48', '-vf', `format=${format}`, ...QUICK, ...more],
    });
  const then = (format: string) => grey(`${format}.ts`, format, LATER);

  it.each([
    { to: 'yuv420p10le', is: 'yuv420p10le', told: 'between 4:2:0 of 8 bits and 4:2:0 of 10 bits' },
    { to: 'yuv422p', is: 'yuv422p', told: 'between 4:2:0 of 8 bits and 4:2:2 of 8 bits' },
    { to: 'yuv444p', is: 'yuv444p', told: 'between 4:2:0 of 8 bits and 4:4:4 of 8 bits' },
    { to: 'yuvj420p', is: 'yuv420p', told: 'between the limited range and the full range' },
  ])('to $to comes out in $is, one grey throughout, and the manifest says so', async ({ to, is, told }) => {
    const { outcome, manifest, path } = await mill.run(
      await both('kinds.ts', [grey('first.ts', 'yuv420p'), then(to)]),
      'preserve',
      FAST,
    );
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions[0]).toMatchObject({ width: 96, height: 64, frames: 2 * FRAMES });
    expect(warnings).toEqual(expect.arrayContaining([expect.stringContaining(`the picture changes ${told}`)]));
    const made = path('preserve.mp4');
    expect((await streamOf(made)).pix_fmt).toBe(is);
    const [first = 0, last = 0] = await Promise.all(
      [1, 2 * FRAMES - 2].map(async (frame) => (await columns(made, frame, 96, 64))[48]),
    );
    expect(Math.abs(first - last)).toBeLessThanOrEqual(2);
  });

  it('is made where the times of its two parts overlap', async () => {
    const hevc = (file: string, format: string, more: readonly string[] = []) =>
      makeClip({
        file,
        args: [
          ...['-f', 'lavfi', '-i', 'color=white:s=96x64:r=25:d=0.48', '-f', 'lavfi', '-i', 'sine=duration=0.48'],
          ...['-vf', `format=${format}`, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=0'],
          ...['-c:a', 'aac', ...more],
        ],
      });
    const parts = [hevc('a.ts', 'yuv420p'), hevc('b.ts', 'yuv420p10le', ['-output_ts_offset', '0.4'])];
    const { outcome, manifest } = await mill.run(await both('overlap.ts', parts), 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ frames: 2 * FRAMES });
  });

  it.each(['ladder', 'vj', 'mezzanine'])('is made by %s, too', async (recipe) => {
    const source = await both('kinds.ts', [grey('first.ts', 'yuvj420p'), then('yuv422p10le')]);
    const settings = recipe === 'ladder' ? { preset: 'ultrafast' } : {};
    const { outcome, manifest } = await mill.run(source, recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ frames: 2 * FRAMES });
  });
});

describe('a picture whose colours change midway', () => {
  const tagged = (file: string, tags: readonly string[], more: readonly string[] = []) => {
    const [primaries = '', transfer = '', matrix = ''] = tags;
    const named = `colorprim=${primaries}:transfer=${transfer}:colormatrix=${matrix}`;
    return makeClip({
      file,
      args: ['-f', 'lavfi', '-i', 'color=white:s=96x64:r=25:d=0.48', ...X264, '-x264-params', named, ...more],
    });
  };
  const first = () => tagged('first.ts', ['bt709', 'bt709', 'bt709']);

  it('from SDR to HDR is refused, and taken as one of them if that is accepted', async () => {
    const hlg = tagged('hlg.ts', ['bt2020', 'arib-std-b67', 'bt2020nc'], LATER);
    const source = await both('mixed.ts', [first(), hlg]);
    const told = expect.stringMatching(/change.* between BT\.709 and BT\.2020\/HLG/);
    expect((await mill.run(source, 'preserve', FAST)).outcome).toMatchObject({ code: 'bad-input', reason: told });
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...FAST, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(told);
  });

  it('from one standard to another is told', async () => {
    const source = await both('old.ts', [first(), tagged('old.ts', ['bt470bg', 'bt709', 'bt470bg'], LATER)]);
    const { outcome, manifest, path } = await mill.run(source, 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(expect.stringMatching(/colours of the picture change between/));
    expect((await streamOf(path('preserve.mp4'))).color_primaries).toBe('bt709');
  });
});

describe("a container that does not say its picture's size", () => {
  it.each([
    { says: 'larger', size: [200, 150], shape: '1/1', shown: '3:2' },
    { says: 'smaller', size: [40, 30], shape: '1/1', shown: '3:2' },
    { says: 'of another shape, and how large it is shown', size: [200, 40], shape: '32/27', shown: '16:9' },
  ])('but $says is passed over, and the shape in which it is shown kept', async ({ size, shape, shown }) => {
    const source = await makeClip({
      file: 'sized.webm',
      args: ['-f', 'lavfi', '-i', 'color=white:s=96x64:r=25:d=0.48', '-vf', `setsar=${shape}`, ...VP8],
      edit: (bytes) => withPixels(bytes, size),
    });
    const { outcome, manifest, path } = await mill.run(source, 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions[0]).toMatchObject({ width: 96, height: 64, frames: FRAMES });
    const { display_aspect_ratio } = await streamOf(path('preserve.mp4'));
    const [across = 0, down = 1] = `${display_aspect_ratio}`.split(':').map(Number);
    const [wide = 0, high = 1] = shown.split(':').map(Number);
    expect(Math.abs(across / down / (wide / high) - 1)).toBeLessThan(0.01);
    const told = `the container says that the picture is ${size.join('x')}; its pictures are 96x64, and so is the film`;
    expect(warnings).toContain(told);
  });
});

/** Matroska's PixelWidth and PixelHeight, of one byte each. */
function withPixels(bytes: Buffer, [width = 0, height = 0]: readonly number[]): Buffer {
  const edited = Buffer.from(bytes);
  const [across, down] = [edited.indexOf(Buffer.from([0xb0, 0x81, 96])), edited.indexOf(Buffer.from([0xba, 0x81, 64]))];
  edited[across + 2] = width;
  edited[down + 2] = height;
  return edited;
}
