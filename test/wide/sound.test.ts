import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FileMaker } from '../../core/ports/file-maker.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { beginnings, channelsOf, hashOf, loudness } from '../support/samples.ts';

const exiftool = promisify(execFile);
const QUICK = { preset: 'ultrafast', evenIfLarger: true } as const;
const RATE = 48_000;
const picture = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=64x64:rate=25:duration=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** A tone of its own in every channel, so low that AAC keeps it in a channel for low frequencies; none is quite steady. */
const tones = (channels: number) =>
  Array.from({ length: channels }, (_, i) => `0.${i + 1}*sin(${188 * (i + 1)}*t)*(1.1+sin(9*t))/2.1`).join('|');

const surround = (layout: string, channels: number, { file = 'pcm.mov', codec = 'pcm_s24le' } = {}) => ({
  file: `${layout}-${file}`,
  args: [...picture(1), ...tonesIn(layout, channels), ...x264, '-c:a', codec],
});
const tonesIn = (layout: string, channels: number) => [
  ...['-f', 'lavfi', '-i', `aevalsrc='${tones(channels)}':c=${layout}:s=${RATE}:d=1`],
];

/** One film with a sound in each layout: what becomes of a sound does not depend on those beside it. */
const SURROUNDS = [
  { layout: '5.1(side)', channels: 6, codec: 'alac' },
  { layout: '7.1', channels: 8, codec: 'flac' },
  { layout: 'quad', channels: 4, codec: 'flac' },
  { layout: '2.1', channels: 3 },
  { layout: '4.1', channels: 5 },
  { layout: 'hexagonal', channels: 6 },
] as const;
const SURROUND_FILM = {
  file: 'surrounds.mov',
  args: [
    ...[...picture(1), ...SURROUNDS.flatMap(({ layout, channels }) => tonesIn(layout, channels)), '-map', '0:v'],
    ...[...SURROUNDS.flatMap((_, i) => ['-map', `${i + 1}:a`]), ...x264, '-c:a', 'pcm_s24le'],
  ],
};

/** A beep at 0.2 s and one at 2.6 s, and no sound at all from 0.8 s to 2.2 s. */
const GAP = [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc='if(between(t,0.2,0.3)+between(t,2.6,2.7),sin(6283*t)*0.5,0)':s=${RATE}:d=3`,
];
const GAPS = {
  gap: 'not(between(t,0.8,2.2))',
  /** Three packets, which is heard though it is shorter than a tenth of a second. */
  short: 'not(between(t,0.78,0.85))',
} as const;
const gap = (codec: string, length: keyof typeof GAPS = 'gap') => ({
  file: `${length}-${codec}.mkv`,
  args: [...picture(3), ...GAP, '-af', `aselect='${GAPS[length]}'`, ...x264, '-c:a', codec],
});
/** A film with several sounds, each with a gap: what becomes of one does not depend on those beside it. */
const gaps = (file: string, sounds: readonly (readonly [codec: string, length: keyof typeof GAPS])[]) => ({
  file,
  args: [
    ...[...picture(3), ...GAP, '-map', '0:v', ...sounds.flatMap(() => ['-map', '1:a']), ...x264],
    ...sounds.flatMap(([codec, length], i) => [`-filter:a:${i}`, `aselect='${GAPS[length]}'`, `-c:a:${i}`, codec]),
  ],
});
const [PCM, AC3, FLAC] = ['pcm_s16le', 'ac3', 'flac'] as const;
const FOR_VJ = gaps('gaps-vj.mkv', [
  [PCM, 'gap'],
  [AC3, 'gap'],
  [PCM, 'short'],
  [AC3, 'short'],
]);
const FOR_EDITING = gaps('gaps-mezzanine.mkv', [
  [PCM, 'gap'],
  [FLAC, 'gap'],
  [AC3, 'gap'],
  [FLAC, 'short'],
]);
const FOR_KEEPS = gaps('gaps-preserve.mkv', [
  [PCM, 'gap'],
  [PCM, 'short'],
]);

/**
 * ffmpeg's fragments without an edit list: all but the first packet of the sound is late by the pictures that are reordered, as the
 * picture itself is. A loop of them begins with the picture.
 */
const FRAGMENTS = {
  file: 'fragments.mp4',
  args: [
    ...[...picture(3), ...GAP, '-c:v', 'libx264', '-bf', '3', '-c:a', 'aac'],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof'],
  ],
};

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

const soundsIn = async (path: string) => (await ffprobe(path, '-select_streams', 'a', '-show_streams')).streams;

describe('surround sound in preserve', () => {
  let source: string;
  let milled: Milled;
  beforeAll(async () => {
    source = await makeClip(SURROUND_FILM);
    milled = await mill.run(source, 'preserve', QUICK);
  });
  const rows = SURROUNDS.map((each, i) => ({ ...each, sound: `a:${i}`, stream: i + 1 }));

  it.each(rows.flatMap((row) => ('codec' in row ? [row] : [])))(
    'of $layout comes out as $codec, channel for channel',
    async ({ channels, codec, sound, stream }) => {
      const { manifest, path } = milled;
      const made = await channelsOf(path('preserve.mp4'), sound);
      expect(made.map(hashOf)).toEqual((await channelsOf(source, sound)).map(hashOf));
      const found = (await soundsIn(path('preserve.mp4')))[stream - 1];
      expect(found).toEqual(expect.objectContaining({ codec_name: codec, channels }));
      expect((await manifest()).renditions[0]?.checks).toContainEqual({
        name: `sound of stream ${stream} has the same samples`,
        passed: true,
        detail: expect.stringContaining(`of ${channels} of ${channels} channels`),
      });
    },
  );

  it.each(rows.filter((row) => !('codec' in row)))(
    'of $layout, which nothing in MP4 holds, lies beside the film as it was',
    async ({ channels, sound, stream }) => {
      const { manifest, path } = milled;
      const sidecar = `stream-${stream}.mka`;
      expect((await manifest()).streams[stream]).toMatchObject({ fate: 'converted', sidecar });
      const was = await channelsOf(source, sound);
      expect((await channelsOf(path(sidecar))).map(hashOf)).toEqual(was.map(hashOf));
      const is = await channelsOf(path('preserve.mp4'), sound);
      expect(is).toHaveLength(channels);
      for (const [i, each] of is.entries())
        expect(Math.abs(loudness(each) - loudness(was[i] ?? new Float64Array()))).toBeLessThan(1);
    },
  );

  it('fails where a channel is lost on the way', async () => {
    const source = await makeClip(surround('7.1', 8));
    const lossy = await testMill({ between: ({ maker }) => ({ maker: joining(maker, ['alac']) }) });
    const { outcome } = await lossy.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringContaining('has the same samples') });
  });
});

/** Joins with another encoder, or without filling gaps, than was planned, in every way that is tried. */
const joining = (maker: FileMaker, codecArgs: readonly string[]): FileMaker => ({
  ...maker,
  join(plan, options) {
    const streams = plan.streams.map(({ decodedFirst: _, ...each }) =>
      each.stream.type === 'audio' ? { ...each, codecArgs, fillsGaps: false } : each,
    );
    return maker.join({ ...plan, streams }, options);
  },
});

describe('sound with a gap', () => {
  it.each([
    { recipe: 'vj', clip: FOR_VJ, sounds: 4, file: 'hap.mov' },
    { recipe: 'mezzanine', clip: FOR_EDITING, sounds: 4, file: '422.mov' },
    { recipe: 'preserve', clip: FOR_KEEPS, sounds: 2, file: 'preserve.mp4' },
    { recipe: 'ladder', clip: gap(AC3, 'short'), sounds: 1, file: 'sd.mp4' },
    { recipe: 'ladder', clip: gap(AC3), sounds: 1, file: 'sd.mp4' },
    { recipe: 'vj', clip: FRAGMENTS, sounds: 1, file: 'hap.mov' },
    { recipe: 'ladder', clip: FRAGMENTS, sounds: 1, file: 'sd.mp4' },
  ])('keeps what is behind it in its place, in $recipe of $clip.file', async ({ recipe, clip, sounds, file }) => {
    const settings = recipe === 'preserve' ? QUICK : {};
    const { outcome, manifest, path } = await mill.run(await makeClip(clip), recipe, settings);
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    for (let sound = 0; sound < sounds; sound++) {
      const name = `sound of stream ${sound + 1} is in its place`;
      expect(rendition?.checks).toContainEqual(expect.objectContaining({ name, passed: true }));
      const entries = ['-select_streams', `a:${sound}`, '-show_entries', 'packet=pts_time'];
      const { packets } = await ffprobe(path(file), ...entries);
      expect(packets.length).toBeGreaterThan(0);
      if (!file.endsWith('.mov')) continue; // nothing is filled there
      const [mono = new Float64Array()] = await channelsOf(path(file), `a:${sound}`);
      const [first, second, ...others] = beginnings(mono, RATE);
      expect(others).toEqual([]);
      expect(first).toBeCloseTo(0.2, 1.5);
      expect(second).toBeCloseTo(2.6, 1.5);
    }
  });

  it.each([
    { codec: 'aac', file: 'late.mp4', isExact: false },
    { codec: 'pcm_s16le', file: 'late.mov', isExact: true },
  ])('is silent in a VJ clip before it begins, since no VJ software reads edit lists: $codec', async (late) => {
    const beep = `aevalsrc='if(between(t,0.2,0.3),sin(6283*t)*0.5,0)':s=${RATE}:d=1`;
    const args = [...picture(2), '-itsoffset', '0.7', '-f', 'lavfi', '-i', beep, ...x264, '-c:a', late.codec];
    const { outcome, manifest, path } = await mill.run(await makeClip({ file: late.file, args }), 'vj');
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams, renditions } = await manifest();
    expect(streams[1]?.why).toMatch(/; it begins 0\.(68|70) s after the picture, and is silent until then$/);
    const same = renditions[0]?.checks.filter(({ name }) => name === 'sound of stream 1 has the same samples');
    expect(same?.map(({ passed }) => passed)).toEqual(late.isExact ? [true] : []);
    const [mono = new Float64Array()] = await channelsOf(path('hap.mov'));
    expect(beginnings(mono, RATE)[0]).toBeCloseTo(0.9, 1.5);
    const { stdout } = await exiftool('exiftool', ['-s3', '-CompressorName', path('hap.mov')]);
    expect(stdout).not.toContain('264'); // the source's encoder
  });

  it.each([
    { codec: 'pcm_s16le', layout: 'mono', made: 'alac' },
    { codec: 'pcm_s16le', layout: '7.1', made: 'flac' },
  ])('does not begin early behind a gap in long packets of $made', async ({ codec, layout, made }) => {
    const sound = ['-f', 'lavfi', '-i', `anoisesrc=d=2:a=0.4:r=${RATE}:seed=7`];
    const args = [...picture(2), ...sound, '-af', `aselect='not(between(t,0.6,1.2))',aformat=cl=${layout}`];
    const source = await makeClip({ file: `noise-${made}.mkv`, args: [...args, ...x264, '-c:a', codec] });
    const { outcome, manifest, path } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams } = await ffprobe(path('preserve.mp4'), '-select_streams', 'a', '-show_streams');
    expect(streams).toMatchObject([{ codec_name: made }]);
    expect((await manifest()).warnings).toEqual([]);
    const channels = await channelsOf(path('preserve.mp4'));
    const samples = channels.find((channel) => loudness(channel) > -30) ?? new Float64Array();
    expect(loudness(samples.subarray(0.7 * RATE, 1.15 * RATE))).toBeLessThan(-90);
    expect(loudness(samples.subarray(1.3 * RATE, 1.5 * RATE))).toBeGreaterThan(-30);
  });

  it('fails where the gap closes', async () => {
    const closing = await testMill({ between: ({ maker }) => ({ maker: joining(maker, ['pcm_s16le']) }) });
    const { outcome } = await closing.run(await makeClip(gap(PCM)), 'vj');
    expect(outcome).toMatchObject({ status: 'failed', reason: expect.stringContaining('is in its place') });
  });
});

const CHANNELS = { stereo: 2, mono: 1, '5.1': 6 } as const;

/** A recording of television whose sound changes its channels midway; a beep each second, and sound that begins late. */
async function changing(layouts: readonly (keyof typeof CHANNELS)[], codec: string): Promise<string> {
  const parts = await Promise.all(
    layouts.map((layout, i) =>
      makeClip({
        file: `${layout}-${codec}-${i}.ts`,
        args: [
          ...[...picture(3), '-itsoffset', '0.3', '-f', 'lavfi'],
          ...['-i', `aevalsrc='if(lt(mod(t,1),0.05),sin(6283*t)*0.5,0)':s=${RATE}:d=2.7`],
          ...[...x264, '-g', '25', '-c:a', codec, '-ac', `${CHANNELS[layout]}`, '-output_ts_offset', `${3 * i}`],
        ],
      }),
    ),
  );
  return fileOf(
    `${layouts.join('-')}-${codec}.ts`,
    Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))),
  );
}

describe('sound whose channels change midway', () => {
  it.each([
    { layouts: ['stereo', '5.1'], codec: 'ac3' },
    { layouts: ['5.1', 'stereo'], codec: 'ac3' },
    { layouts: ['mono', 'stereo'], codec: 'aac' },
  ] as const)('is in its place behind the change, in ladder of $layouts in $codec', async ({ layouts, codec }) => {
    const { outcome, manifest, path } = await mill.run(await changing(layouts, codec), 'ladder', {
      preset: 'ultrafast',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const [rendition] = (await manifest()).renditions;
    const name = 'sound of stream 1 is in its place';
    expect(rendition?.checks).toContainEqual(expect.objectContaining({ name, passed: true }));
    const [mono = new Float64Array()] = await channelsOf(path('sd.mp4'));
    const beeps = beginnings(mono, RATE);
    expect(beeps).toHaveLength(6);
    for (const [i, seconds] of beeps.entries()) expect(seconds - (beeps[0] ?? 0)).toBeCloseTo(i, 1);
  });
});

describe('a further sound that begins before the film', () => {
  it.each(['two.ts', 'two.mkv'])('is cut there, and both stay in their places, in ladder of %s', async (file) => {
    const beeps = `aevalsrc='if(lt(mod(t,1),0.05),sin(6283*t)*0.5,0)':s=${RATE}`;
    const late = ['-itsoffset', '1.2'];
    const source = await makeClip({
      file,
      args: [
        ...[
          ...late,
          ...picture(3),
          ...late,
          '-f',
          'lavfi',
          '-i',
          `${beeps}:d=3`,
          '-f',
          'lavfi',
          '-i',
          `${beeps}:d=4.2`,
        ],
        ...['-map', '0', '-map', '1', '-map', '2', ...x264, '-c:a', 'ac3'],
      ],
    });
    const { outcome, manifest, path } = await mill.run(source, 'ladder', { preset: 'ultrafast' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toEqual([]);
    const [first = new Float64Array()] = await channelsOf(path('sd.mp4'));
    for (const [i, seconds] of beginnings(first, RATE).entries()) expect(seconds).toBeCloseTo(i, 1.3);
    const [other] = (await manifest()).sounds ?? [];
    const [second = new Float64Array()] = await channelsOf(path(other?.path ?? ''));
    // its beeps at 2, 3 and 4 s of a file whose film begins at 1.2 s
    const heard = beginnings(second, RATE);
    expect(heard).toHaveLength(3);
    for (const [i, seconds] of heard.entries()) expect(seconds).toBeCloseTo(0.8 + i, 1);
  });
});

/** What the times of a sound are multiplied by whose clock runs slower or faster than that of the picture. */
const PACES = [1.004, 0.996] as const;
/** A sound of each pace in each of the codecs, with a beep every 1.7 s. */
const drifting = (file: string, codecs: readonly string[]) => ({
  file,
  args: [
    ...picture(20),
    ...['-f', 'lavfi', '-i', `aevalsrc='if(lt(mod(t,1.7),0.05),sin(6283*t)*0.5,0)':s=${RATE}:d=20`, '-map', '0:v'],
    ...[...codecs.flatMap(() => PACES.flatMap(() => ['-map', '1:a'])), ...x264],
    ...codecs.flatMap((codec, i) =>
      PACES.flatMap((pace, j) => {
        const sound = PACES.length * i + j;
        return [`-filter:a:${sound}`, `asetpts=PTS*${pace}`, `-c:a:${sound}`, codec];
      }),
    ),
  ],
});
const DRIFTING_MKV = drifting('drifting.mkv', ['pcm_s16le', 'flac']);

describe('sound whose clock is not that of the picture', () => {
  it.each([
    { recipe: 'vj', clip: DRIFTING_MKV, sounds: 4, file: 'hap.mov' },
    { recipe: 'mezzanine', clip: drifting('drifting-pcm.mkv', ['pcm_s16le']), sounds: 2, file: '422.mov' },
    { recipe: 'vj', clip: drifting('drifting.mp4', ['aac']), sounds: 2, file: 'hap.mov' },
  ])('stays in step to the end, in $recipe of $clip.file', async ({ recipe, clip, sounds, file }) => {
    const { outcome, path } = await mill.run(await makeClip(clip), recipe);
    expect(outcome).toMatchObject({ status: 'done' });
    for (let sound = 0; sound < sounds; sound++) {
      const pace = PACES[sound % PACES.length] ?? Number.NaN;
      const [mono = new Float64Array()] = await channelsOf(path(file), `a:${sound}`);
      const beeps = beginnings(mono, RATE);
      expect(beeps.length).toBeGreaterThanOrEqual(11);
      for (const [i, seconds] of beeps.entries()) expect(Math.abs(seconds - 1.7 * i * pace)).toBeLessThan(0.045);
    }
  });

  it('is told where its samples do not all have a time', async () => {
    const { manifest } = await mill.run(await makeClip(DRIFTING_MKV), 'vj');
    const { streams, renditions, warnings } = await manifest();
    const [pcm, flac] = [2, 4]; // whose clocks run faster
    expect(streams[pcm]).toMatchObject({ fate: 'converted' });
    expect(streams[pcm]?.why).toMatch(/; its 0\.0[4-8] s of samples that overlap others are left out$/);
    const checks = renditions[0]?.checks.map(({ name }) => name);
    expect(checks).not.toContain(`sound of stream ${pcm} has the same samples`);
    const overlap = new RegExp(`0\\.0[4-8] s of the sound of stream ${flac} overlap others and are left out`);
    expect(warnings.join()).toMatch(overlap);
  });
});

describe('sound of a decoder that names no channel layout', () => {
  it('is heard in the film', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=2:r=16000'];
    const source = await makeClip({ file: 'speex.mkv', args: [...picture(2), ...sound, ...x264, '-c:a', 'libspeex'] });
    const { outcome, manifest, path } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toEqual([]);
    const { streams } = await ffprobe(path('preserve.mp4'), '-select_streams', 'a', '-show_streams');
    expect(streams).toMatchObject([{ codec_name: 'aac', channels: 1 }]);
  });
});

describe('sound for VJ software', () => {
  it('ends where the edit list has AAC end, so that a loop has no tail', async () => {
    const source = await makeClip({
      file: 'loop.mp4',
      args: [
        ...['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=30000/1001:duration=2'],
        ...['-f', 'lavfi', '-i', 'sine=duration=2:sample_rate=48000', ...x264, '-c:a', 'aac', '-t', '2'],
      ],
    });
    const { path } = await mill.run(source, 'vj');
    const [mono = new Float64Array()] = await channelsOf(path('hap.mov'));
    expect(mono.length).toBe(2 * RATE);
  });

  it('of floating point has 24 bits', async () => {
    const source = await makeClip({ ...surround('stereo', 2, { file: 'float.mov', codec: 'pcm_f32le' }) });
    const { manifest, path } = await mill.run(source, 'vj');
    expect(await soundsIn(path('hap.mov'))).toEqual([expect.objectContaining({ codec_name: 'pcm_s24le' })]);
    expect((await manifest()).streams[1]?.why).toContain('floating point rounded to 24 bits');
  });

  it('that is silent is not said to be in its place', async () => {
    const source = await makeClip({
      file: 'silent.mkv',
      args: [...picture(1), '-f', 'lavfi', '-i', 'anullsrc=duration=1', ...x264, '-c:a', 'ac3', '-shortest'],
    });
    const { manifest } = await mill.run(source, 'vj');
    const { renditions, warnings } = await manifest();
    expect(renditions[0]?.checks.map(({ name }) => name)).not.toContain('sound of stream 1 is in its place');
    expect(warnings).toEqual([expect.stringContaining('cannot be checked: it is silent')]);
  });
});
