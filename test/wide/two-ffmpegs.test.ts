import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { decodeRgba, streamOf } from '../support/ffprobe.ts';
import { testMill } from '../support/mill.ts';
import { QUICK, type RunArguments, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { freshToolbox } from '../support/toolbox.ts';

/** A film that is long enough to be sampled by seeks, whose sound begins with priming before the picture does. */
const primed = (file: string, more: readonly string[] = []) => ({
  file,
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=24:duration=24', '-f', 'lavfi', '-i', 'sine=duration=24'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', '-c:a', 'aac', ...more],
  ],
});

describe('a film with sound that begins before the picture, read by two versions of ffmpeg', () => {
  it.each([
    // the rungs are probed by the ffmpeg that encoded them, and compared by the one that has VMAF
    { recipe: 'ladder', set: { preset: 'ultrafast' }, film: primed('film.mp4') },
    // DXV3 is encoded by an ffmpeg of version 7, from a film that another one has indexed
    { recipe: 'vj', set: { codec: 'dxv' }, film: primed('loop.mp4', ['-movflags', 'frag_keyframe+empty_moov']) },
  ] as const)('is made by $recipe at the first attempt', async ({ recipe, set, film }) => {
    const mill = await testMill();
    const { outcome, manifest } = await mill.run(await makeClip(film), recipe, set);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions.length).toBeGreaterThan(0);
    expect(warnings.filter((line) => line.includes('second way'))).toEqual([]);
  });
});

const PICTURE = 'testsrc2=size=96x64:rate=25:duration=1';
const COLOURS = ['-color_primaries', '-color_trc', '-colorspace'];
const LATE = ['-itsoffset', '0.4'];

describe('the streams of a container whose clock may jump', () => {
  const film = (file: string, late: 'picture' | 'sound', codecs: readonly string[]) => ({
    file,
    args: [
      ...[...(late === 'picture' ? LATE : []), '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=2'],
      ...[...(late === 'sound' ? LATE : []), '-f', 'lavfi', '-i', 'sine=duration=2', ...codecs],
    ],
  });
  const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'ac3'];
  // from version 6.0 on ffmpeg counts from the first stream that is used, so that each that is read alone began at 0
  it.each([
    ['a transport stream with a late picture', film('picture.ts', 'picture', H264)],
    ['a transport stream with a late sound', film('sound.ts', 'sound', H264)],
    [
      'a program stream with a late sound',
      film('sound.vob', 'sound', ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'vob']),
    ],
  ])('begin as far apart as in %s, whichever ffmpeg reads it', async (_, clip) => {
    const source = await makeClip(clip);
    const { all } = await freshToolbox(new AbortController().signal);
    const apart = async (path: string) =>
      Number((await streamOf(path, 'v:0')).start_time) - Number((await streamOf(path, 'a:0')).start_time);
    const late = await apart(source);
    expect(Math.abs(late)).toBeGreaterThan(0.3);
    for (const { path: ffmpeg } of all) {
      const set = [...QUICK, '--set', 'evenIfLarger=true', '--set', 'container=mkv'];
      const { folder } = await runReelmill(source, { out: await temporaryFolder(), set }, { ffmpeg });
      expect(Math.abs((await apart(join(folder, 'preserve.mkv'))) - late)).toBeLessThan(0.002);
    }
  });
});

describe('a film whose facts one version of ffmpeg hands on by itself', () => {
  const run = async (file: string, args: readonly string[], asked: Pick<RunArguments, 'recipe' | 'set'>) => {
    const source = await makeClip({ file, args: ['-f', 'lavfi', '-i', PICTURE, ...args] });
    const { all } = await freshToolbox(new AbortController().signal);
    return Promise.all(
      all.map(async ({ path: ffmpeg }) => {
        const { folder } = await runReelmill(source, { out: await temporaryFolder(), ...asked }, { ffmpeg });
        return (name: string, stream: string) => streamOf(join(folder, name), stream);
      }),
    );
  };

  // from 6.0 on ffmpeg decodes no piece of ProRes to learn its colours when pieces are joined
  it('keeps its colours in ProRes', async () => {
    const tagged = ['-c:v', 'libx264', '-preset', 'ultrafast', ...COLOURS.flatMap((each) => [each, 'bt709'])];
    const made = await run('tagged.mp4', tagged, { recipe: 'mezzanine', set: [] });
    expect(made.length).toBeGreaterThan(0);
    for (const stream of made)
      expect(await stream('422.mov', 'v:0')).toMatchObject({ color_primaries: 'bt709', color_transfer: 'bt709' });
  });

  // from 7.0 on ffmpeg's scale filter fails with pictures of such matrices (H.273, table 4), in its own conversions too
  it.each([
    { name: 'YCgCo', matrix: 8 },
    { name: 'BT.2020 with constant luminance', matrix: 10 },
    { name: 'derived from primaries', matrix: 12 },
  ])('becomes ProRes and a ladder where its matrix is $name', async ({ matrix }) => {
    const said = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bsf:v', `h264_metadata=matrix_coefficients=${matrix}`];
    const edited = await run('said.mp4', said, { recipe: 'mezzanine', set: [] });
    for (const stream of edited) expect(await stream('422.mov', 'v:0')).toMatchObject({ pix_fmt: 'yuv422p10le' });
    const streamed = await run('said.mp4', said, { recipe: 'ladder', set: ['--set', 'preset=ultrafast'] });
    for (const stream of streamed) expect(await stream('poster.jpg', 'v:0')).toMatchObject({ codec_name: 'mjpeg' });
    expect([edited.length > 0, streamed.length]).toEqual([true, edited.length]);
  });

  // from 6.0 on ffmpeg writes FLAC of 32 bits, which earlier versions and most players cannot decode
  it('keeps sound of 24 bits in FLAC of 24 bits', async () => {
    const quad = ['-f', 'lavfi', '-i', "aevalsrc='sin(900*t)|sin(800*t)|sin(700*t)|sin(600*t)':c=quad:d=1"];
    const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'pcm_s24le'];
    const made = await run('quad.mov', [...quad, ...codecs], { set: [...QUICK, '--set', 'evenIfLarger=true'] });
    expect(made.length).toBeGreaterThan(0);
    for (const stream of made)
      expect(await stream('preserve.mp4', 'a:0')).toMatchObject({ codec_name: 'flac', bits_per_raw_sample: '24' });
  });
});

describe('a film whose pixels change their shape midway', () => {
  const WIDE = 96;
  const half = (file: string, aspect: string, args: readonly string[]) =>
    makeClip({
      file,
      args: ['-f', 'lavfi', '-i', `color=white:s=${WIDE}x64:r=25:d=0.48`, ...args, '-aspect', aspect],
    });
  const LATER = ['-output_ts_offset', '0.48'];
  const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '5', '-bf', '0'];
  const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

  // from 7.0 on ffmpeg gives its filters the shape of the first picture with every picture
  it.each([
    { name: 'mpeg2.ts', codec: MPEG2, later: LATER },
    { name: 'mpeg2.vob', codec: [...MPEG2, '-f', 'vob'], later: LATER },
    { name: 'h264.ts', codec: H264, later: LATER },
    { name: 'bare.h264', codec: H264, later: [] },
  ])('is shown undistorted by each: $name', async ({ name, codec, later }) => {
    const parts = [half(`wide-${name}`, '16:9', codec), half(`narrow-${name}`, '4:3', [...codec, ...later])];
    const source = join(await temporaryFolder(), name);
    await writeFile(source, Buffer.concat(await Promise.all(parts.map(async (part) => readFile(await part)))));
    const { all } = await freshToolbox(new AbortController().signal);
    for (const { path: ffmpeg } of all) {
      const set = [...QUICK, '--set', 'evenIfLarger=true'];
      const { folder } = await runReelmill(source, { out: await temporaryFolder(), set }, { ffmpeg });
      const whites = await Promise.all([0, 20].map((frame) => whiteColumns(join(folder, 'preserve.mp4'), frame)));
      expect(whites[0]).toBe(WIDE);
      expect(Math.abs((whites[1] ?? 0) - (WIDE * 4 * 9) / (3 * 16))).toBeLessThanOrEqual(2);
    }
  });

  /** How many columns of a frame are white, in its middle line. */
  async function whiteColumns(path: string, frame: number): Promise<number> {
    const pixels = await decodeRgba('ffmpeg', path, frame + 1);
    const line = 4 * WIDE * (64 * frame + 32);
    return Array.from({ length: WIDE }, (_, x) => pixels[line + 4 * x] ?? 0).filter((red) => red > 128).length;
  }
});
