import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { makeClip } from '../fixtures/make.ts';
import { whatIsThereAlready } from '../support/edited-ladder.ts';
import { keyframeTimes, streamOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { boxesOf, indexesOf } from '../support/segment-indexes.ts';
import { LADDER_QUICK, SHORT, tinyClip, twoRungs } from '../support/tiny-ladder.ts';

describe('the recipe ladder', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it('verifies what is long enough to be sampled by seeking, of a source in fragments', async () => {
    const long = {
      file: 'long-fragments.mp4',
      args: [
        ...['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=25:duration=26', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
        ...['-g', '50', '-sc_threshold', '0', '-movflags', 'cmaf+global_sidx', '-frag_duration', '500000'],
      ],
    };
    const longer = await mill.run(await makeClip(long), twoRungs, { preset: 'ultrafast', segmentSeconds: '2-6' });
    expect(longer.outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await longer.manifest();
    expect(warnings).toEqual([]); // none of what decoders say amid a GOP
    const sampled = renditions.map(({ quality }) => quality?.sampledFrames ?? Number.NaN);
    expect(Math.max(...sampled)).toBeLessThan(650);
    for (const { quality } of renditions) expect(quality?.min).toBeGreaterThan(70);
  });

  it.each([
    { of: 'sound that goes on when the picture has ended', file: 'long-sound.mp4', rate: '25', seconds: 1 },
    { of: 'pictures that stand still for seconds', file: 'slides.mp4', rate: '1/2', seconds: 6 },
    { of: 'sound that ends early', file: 'short-sound.mp4', rate: '25', seconds: 3, sound: ['1'] },
    { of: 'sound that begins late', file: 'late-sound.mp4', rate: '25', seconds: 3, sound: ['1', '-itsoffset', '1.4'] },
  ])('indexes $of: every byte behind the index once', async ({ file, rate, seconds, sound = ['6'] }) => {
    const [length, ...offset] = sound;
    const args = [
      ...['-f', 'lavfi', '-i', `testsrc2=size=256x144:rate=${rate}:duration=${seconds}`],
      ...[
        ...offset,
        '-f',
        'lavfi',
        '-i',
        `sine=duration=${length}`,
        '-map',
        '0',
        '-map',
        '1',
        '-c:v',
        'libx264',
        '-pix_fmt',
        'yuv420p',
        '-c:a',
        'aac',
      ],
    ];
    const made = await mill.run(await makeClip({ file, args }), twoRungs, LADDER_QUICK);
    expect(made.outcome).toEqual(expect.objectContaining({ status: 'done' }));
    for (const name of ['4k.mp4', 'sd.mp4']) {
      const indexes = await indexesOf(made.path(name));
      expect(indexes.map(({ track }) => track)).toEqual([1, 2]);
      const counts = indexes.map(({ parts }) => parts.length);
      const boxes = await boxesOf(made.path(name));
      const moofs = boxes.filter(({ type }) => type === 'moof');
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(moofs.length);
      for (const { from, parts } of indexes) {
        expect(from).toBeGreaterThanOrEqual(moofs[0]?.at ?? 0);
        const begins = parts.map((_, i) => from + parts.slice(0, i).reduce((sum, bytes) => sum + bytes, 0));
        expect(moofs.map(({ at }) => at)).toEqual(expect.arrayContaining(begins));
        expect((begins.at(-1) ?? 0) + (parts.at(-1) ?? 0)).toBe(boxes.findLast(({ type }) => type === 'mdat')?.end);
      }
    }
  });

  it('shows at their time also the last frames, where they are a piece of two', async () => {
    const everyFrameByItself = ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p', '-t', '2.08'];
    const source = await makeClip(tinyClip('256x144', everyFrameByItself, 'two-more.mov'));
    const short = await mill.run(source, twoRungs, LADDER_QUICK);
    expect(short.outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const { renditions } = await short.manifest();
    for (const { segments } of renditions) expect(segments.starts?.at(-1)).toBe(50);
  });

  it.each([
    { file: 'clip.ts', has: 'MPEG-TS: H.264 out of order, AAC with ADTS headers', more: ['-bf', '2'] },
    { file: 'clip.mpg', has: 'MPEG-PS: MPEG-2 and MP2', more: ['-c:v', 'mpeg2video', '-c:a', 'mp2'] },
    { file: 'clip.avi', has: 'AVI: MPEG-4 and MP3', more: ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'] },
    { file: 'frame.ts', has: 'MPEG-TS: one single frame', more: ['-an', '-frames:v', '1'] },
  ])('takes sources that can only be read from their beginning; $has', async ({ file, more }) => {
    const source = await makeClip(tinyClip('256x144', more, file));
    const run = await (await testMill()).run(source, twoRungs, LADDER_QUICK);
    expect(run.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await run.manifest();
    expect(renditions.map(({ name, frames }) => [name, frames])).toEqual(
      ['4k', 'sd'].map((name) => [name, more.includes('-frames:v') ? 1 : 60]),
    );
    expect(await keyframeTimes(run.path('sd.mp4'))).toEqual(await keyframeTimes(run.path('4k.mp4')));
    // however short the film, its sprite shows it
    expect((await sharp(run.path('sprite.jpg')).stats()).channels[0]?.mean).toBeGreaterThan(40);
  });

  it('tone-maps HDR for H.264 and keeps it for HEVC', async () => {
    const colour = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
    const hdr = tinyClip('256x144', [
      ...SHORT,
      '-c:v',
      'libx265',
      '-pix_fmt',
      'yuv420p10le',
      '-x265-params',
      'log-level=error',
      ...colour,
    ]);
    const { path, outcome } = await (await testMill()).run(
      await makeClip({ ...hdr, file: 'hdr.mp4' }),
      twoRungs,
      LADDER_QUICK,
    );
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await streamOf(path('4k.mp4'))).toMatchObject({ pix_fmt: 'yuv420p10le', color_transfer: 'smpte2084' });
    expect(await streamOf(path('sd.mp4'))).toMatchObject({
      pix_fmt: 'yuv420p',
      color_transfer: 'bt709',
      color_space: 'bt709',
    });
  });
});

whatIsThereAlready('parent');
