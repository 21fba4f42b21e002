import { execFile } from 'node:child_process';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createFile, MP4BoxBuffer } from 'mp4box';
import sharp from 'sharp';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { keyframeTimes, streamOf } from '../support/ffprobe.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { rangeServer } from '../support/range-server.ts';
import { boxesOf, indexesOf } from '../support/segment-indexes.ts';

const run = promisify(execFile);

/** 2.4 s of picture and sound. */
const clip = (size: string, more: readonly string[] = [], name = 'clip.mp4') => ({
  file: name,
  args: [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=2.4`, '-f', 'lavfi', '-i', 'sine=duration=2.4'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac', ...more],
  ],
});

/** All four rungs of a source that is tiny. */
const small = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 144 } },
    { ...ladder.renditions[1], fit: { shortSide: 112 } },
    { ...ladder.renditions[2], fit: { shortSide: 96 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 200 } },
  ],
};
/** Of those, the HEVC and one of H.264. */
const twoRungs = { ...small, renditions: small.renditions.filter(({ name }) => name === '4k' || name === 'sd') };
/** Of those, three that hang on one another. */
const threeRungs = {
  ...small,
  renditions: small.renditions
    .filter(({ name }) => name !== '1440p')
    .map((rung) => (rung.name === 'hd' ? { ...rung, parent: '4k' } : rung)),
};
/** One segment of each rung. */
const SHORT = ['-t', '0.6'];
const settings = { preset: 'ultrafast', segmentSeconds: '1' };

/** As mp4box names them. */
type ParsedFragments = {
  readonly sidx: { readonly references: readonly { readonly starts_with_SAP: number }[] };
  getTrackSamplesInfo(track: number): readonly { readonly is_sync: boolean; readonly moof_number: number }[];
};

describe('the recipe ladder', () => {
  let mill: TestMill;
  let made: Milled;
  beforeAll(async () => {
    mill = await testMill();
    made = await mill.run(await makeClip(clip('256x144')), small, settings);
  });

  it('makes every rung from the source', async () => {
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await made.manifest();
    expect(renditions.map(({ name, parent, width, height }) => [name, parent, width, height])).toEqual([
      ['4k', 'source', 256, 144],
      ['1440p', 'source', 200, 112],
      ['hd', 'source', 170, 96],
      ['sd', 'source', 128, 72],
    ]);
    expect(renditions.map(({ codecString }) => codecString.split('.')[0])).toEqual(['hvc1', 'hvc1', 'avc1', 'avc1']);
    expect(renditions.every(({ audioCodecString }) => audioCodecString === 'mp4a.40.2')).toBe(true);
    expect(renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  });

  it('makes every rung from the one above it where that is asked for, and says that of each', async () => {
    const chained = await mill.run(await makeClip(clip('256x144')), small, { ...settings, from: 'parent' });
    const { renditions } = await chained.manifest();
    expect(renditions.map(({ name, parent }) => [name, parent])).toEqual([
      ['4k', 'source'],
      ['1440p', '4k'],
      ['hd', '1440p'],
      ['sd', 'hd'],
    ]);
    expect(chained.encoded()).not.toHaveProperty('4k');
    for (const name of ['1440p', 'hd', 'sd'])
      expect(await keyframeTimes(chained.path(`${name}.mp4`))).toEqual(await keyframeTimes(chained.path('4k.mp4')));
  });

  it('writes fragments behind an index, keyframes in step', async () => {
    const first = await keyframeTimes(made.path('4k.mp4'));
    expect(first.length).toBeGreaterThan(1);
    for (const name of ['4k', '1440p', 'hd', 'sd']) {
      const boxes = (await boxesOf(made.path(`${name}.mp4`))).map(({ type }) => type);
      expect(boxes.slice(0, 3)).toEqual(['ftyp', 'moov', 'sidx']);
      expect(boxes.filter((type) => type === 'moof').length).toBeGreaterThanOrEqual(Math.floor(2.4 / 0.6));
      expect(await keyframeTimes(made.path(`${name}.mp4`))).toEqual(first);
    }
    expect(await streamOf(made.path('sd.mp4'))).toMatchObject({ profile: 'Constrained Baseline', pix_fmt: 'yuv420p' });
  });

  it('says in the index which fragments decoding can begin with, as a parser that is not ours finds them', async () => {
    const file = createFile();
    const bytes = await readFile(made.path('4k.mp4'));
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
    file.flush();
    const { sidx, getTrackSamplesInfo } = file as unknown as ParsedFragments;
    const samples = getTrackSamplesInfo.call(file, 1);
    const beginsWithKeyframe = samples.flatMap(({ is_sync, moof_number }, i) =>
      moof_number === samples[i - 1]?.moof_number ? [] : [is_sync],
    );
    expect(sidx.references.map(({ starts_with_SAP }) => starts_with_SAP === 1)).toEqual(beginsWithKeyframe);
    expect(new Set(beginsWithKeyframe)).toEqual(new Set([true, false]));
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
    const made = await mill.run(await makeClip({ file, args }), twoRungs, settings);
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
    const source = await makeClip(clip('256x144', everyFrameByItself, 'two-more.mov'));
    const short = await mill.run(source, twoRungs, settings);
    expect(short.outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const { renditions } = await short.manifest();
    for (const { segments } of renditions) expect(segments.starts?.at(-1)).toBe(50);
  });

  it('makes posters, a sprite and its cues', async () => {
    const { thumbnails } = await made.manifest();
    expect(thumbnails?.files.map(({ path }) => path)).toEqual([
      ...['poster.jpg', 'poster.webp', 'sprite.jpg', 'sprite.webp', 'sprite.vtt'],
    ]);
    expect(await sharp(made.path('poster.webp')).metadata()).toMatchObject({ format: 'webp', width: 128, height: 72 });
    expect(await sharp(made.path('sprite.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 90 });
    const cues = await readFile(made.path('sprite.vtt'), 'utf8');
    expect(cues).toContain('00:00:01.000 --> 00:00:02.000\nsprite.jpg#xywh=160,0,160,90');
  });

  it.each(['4k', '1440p', 'hd', 'sd'])(
    'names byte ranges of %s.mp4 that begin with a fragment and leave none out',
    async (name) => {
      const file = await readFile(made.path(`${name}.mp4`));
      const list = await readFile(made.path(`${name}.m3u8`), 'utf8');
      const ranges = [...list.matchAll(/BYTERANGE:(\d+)@(\d+)/g)].map(([, bytes, at]) => ({
        at: Number(at),
        bytes: Number(bytes),
      }));
      for (const { at } of ranges) expect(file.toString('latin1', at + 4, at + 8)).toBe('moof');
      const sound = name === 'sd' ? await readFile(made.path('sound.m3u8'), 'utf8') : '';
      const both = [...`${list}${sound}`.matchAll(/BYTERANGE:(\d+)@(\d+)/g)];
      const placed = both.map(([, bytes, at]) => ({ at: Number(at), end: Number(at) + Number(bytes) }));
      if (name === 'sd') {
        const inOrder = placed.sort((a, b) => a.at - b.at);
        expect(inOrder.slice(1).map(({ at }) => at)).toEqual(inOrder.slice(0, -1).map(({ end }) => end));
        expect(inOrder.at(-1)?.end).toBe(file.length);
      }
      const manifest = await readFile(made.path('manifest.mpd'), 'utf8');
      const master = await readFile(made.path('master.m3u8'), 'utf8');
      const rates = [...master.matchAll(/:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/g)];
      expect(rates).toHaveLength(4);
      for (const [, peak, average] of rates) expect(Number(average)).toBeLessThanOrEqual(Number(peak));
      for (const { at, bytes } of ranges) expect(manifest).toContain(`mediaRange="${at}-${at + bytes - 1}"`);
    },
  );

  it('plays as HLS over HTTP, every frame of every rung out of ranges', async () => {
    const server = await rangeServer(dirname(made.path('master.m3u8')));
    try {
      const args = ['-v', 'error', '-nostdin', '-i', `${server.url}/master.m3u8`, '-map', '0:v', '-f', 'framecrc', '-'];
      const { stdout, stderr } = await run('ffmpeg', args);
      expect(stderr).toBe('');
      const frames = [0, 1, 2, 3].map(
        (stream) => stdout.split('\n').filter((line) => line.startsWith(`${stream},`)).length,
      );
      expect(frames).toEqual([60, 60, 60, 60]);
      expect(server.asked.filter(({ path }) => path === '/hd.mp4').length).toBeGreaterThan(2);
    } finally {
      await server.close();
    }
  });

  it.each([
    { file: 'clip.ts', has: 'MPEG-TS: H.264 out of order, AAC with ADTS headers', more: ['-bf', '2'] },
    { file: 'clip.mpg', has: 'MPEG-PS: MPEG-2 and MP2', more: ['-c:v', 'mpeg2video', '-c:a', 'mp2'] },
    { file: 'clip.avi', has: 'AVI: MPEG-4 and MP3', more: ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'] },
    { file: 'frame.ts', has: 'MPEG-TS: one single frame', more: ['-an', '-frames:v', '1'] },
  ])('takes sources that can only be read from their beginning; $has', async ({ file, more }) => {
    const source = await makeClip(clip('256x144', more, file));
    const run = await (await testMill()).run(source, twoRungs, settings);
    expect(run.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await run.manifest();
    expect(renditions.map(({ name, frames }) => [name, frames])).toEqual(
      ['4k', 'sd'].map((name) => [name, more.includes('-frames:v') ? 1 : 60]),
    );
    expect(await keyframeTimes(run.path('sd.mp4'))).toEqual(await keyframeTimes(run.path('4k.mp4')));
    // however short the film, its sprite shows it
    expect((await sharp(run.path('sprite.jpg')).stats()).channels[0]?.mean).toBeGreaterThan(40);
  });

  it('copies nothing that tells where or by whom it was shot', async () => {
    const told = clip('256x144', [
      ...SHORT,
      '-metadata',
      'title=Secret',
      '-metadata',
      'location=+48.1+011.5/',
      '-movflags',
      'use_metadata_tags',
    ]);
    const made = await (await testMill()).run(await makeClip({ ...told, file: 'told.mp4' }), twoRungs, settings);
    const args = ['-v', 'error', '-of', 'json', '-show_format', made.path('sd.mp4')];
    expect((await run('ffprobe', args)).stdout).not.toMatch(/Secret|48\.1/);
    for (const { metadata } of (await made.manifest()).renditions)
      expect(metadata).toMatchObject([
        { fate: 'dropped', why: expect.stringContaining('tells no place and no person') },
      ]);
  });

  it('tone-maps HDR for H.264 and keeps it for HEVC', async () => {
    const colour = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
    const hdr = clip('256x144', [
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
      settings,
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

describe.each(['source', 'parent'])('a ladder from=%s that is there already', (from) => {
  const asked = { ...settings, from };
  let mill: TestMill;
  let source: string;
  let again: () => Promise<Milled>;
  let tweaked: (name: string) => Promise<string>;
  let tweaks = 0;
  beforeAll(async () => {
    mill = await testMill();
    source = await mill.own(await makeClip(clip('256x144', SHORT)));
    again = () => mill.run(source, threeRungs, asked);
    const first = await again();
    tweaked = async (name) => {
      const file = first.path(`${name}.mp4`);
      const draft = `${file}.tweak.mp4`;
      const codec = /4k|1440p/.test(name)
        ? ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-tag:v', 'hvc1']
        : ['-c:v', 'libx264'];
      await run('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-i',
        file,
        '-vf',
        `hue=b=${0.1 * ++tweaks}`,
        ...codec,
        '-c:a',
        'copy',
        draft,
      ]);
      await writeFile(file, await readFile(draft));
      await rm(draft);
      return file;
    };
  });
  afterEach(async () => {
    expect((await again()).outcome).toMatchObject({ status: 'unchanged' }); // whatever was done settles
  });

  it('encodes nothing when only tags of the source changed, and stops where the rung came out as it was', async () => {
    const retagged = clip('256x144', [...SHORT, '-metadata', 'title=New'], 'retagged.mp4');
    await writeFile(source, await readFile(await makeClip(retagged)));
    const run = await again();
    expect(run.outcome).toMatchObject({ status: 'done' });
    expect(run.encoded()).toEqual({});
    expect(run.made()).toEqual(['4k']);
  });

  it.each([
    { name: 'hd', made: ['sd'], pictures: true },
    { name: 'sd', made: [], pictures: true },
    { name: '4k', made: ['hd', 'sd'], pictures: true },
  ])('replaced by hand, $name.mp4 stays and only what hangs on it is made', async ({ name, made, pictures }) => {
    const before = await (await again()).manifest();
    const file = await readFile(await tweaked(name));
    const run = await again();
    expect(run.outcome).toMatchObject({ status: 'done' });
    expect(run.made()).toEqual(made);
    expect(Object.keys(run.encoded())).toEqual(made);
    expect((await readFile(run.path(`${name}.mp4`))).equals(file)).toBe(true);
    const after = await run.manifest();
    expect(after.renditions.find((each) => each.name === name)).toMatchObject({ edited: true });
    expect(after.renditions.find((each) => each.name === made[0])?.parent).toBe(made[0] && name);
    expect(after.thumbnails?.parentSha256 !== before.thumbnails?.parentSha256).toBe(pictures);
  });

  it('goes back to the source when what was put there by hand is taken away', async () => {
    const { path, manifest } = await again();
    const first = (await manifest()).renditions.find(({ name }) => name === '4k');
    if (!first?.edited) await tweaked('4k').then(again); // unless the test before has put one there
    await rm(path('4k.mp4'));
    const run = await again();
    expect(run.made()).toEqual(['4k', 'hd', 'sd']);
    const { renditions } = await run.manifest();
    expect(renditions.filter(({ edited }) => edited)).toEqual([]);
    expect(renditions.map(({ parent }) => parent)).toEqual(
      from === 'source' ? ['source', 'source', 'source'] : ['source', '4k', 'hd'],
    );
  });

  it('makes nothing when a thumbnail was replaced by hand', async () => {
    const { path } = await again();
    const mine = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    await writeFile(path('poster.jpg'), mine);
    expect((await again()).made()).toEqual([]);
    expect((await readFile(path('poster.jpg'))).equals(mine)).toBe(true);
  });

  it('makes nothing when only the time of the source changed', async () => {
    await utimes(source, new Date(), new Date());
    expect((await again()).outcome).toMatchObject({ status: 'unchanged' });
  });

  it('makes again what was only damaged', async () => {
    const { path } = await again();
    await writeFile(path('sd.mp4'), (await readFile(path('sd.mp4'))).subarray(0, 3000));
    expect((await again()).made()).toEqual(['sd']);
  });

  it('makes all again when the source changed', async () => {
    const other = clip('256x144', [...SHORT, '-vf', 'negate'], 'other.mp4');
    await writeFile(source, await readFile(await makeClip(other)));
    expect((await again()).made()).toEqual(['4k', 'hd', 'sd']);
  });
});
