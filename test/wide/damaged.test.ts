import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const QUICK = { preset: 'ultrafast', evenIfLarger: true } as const;
const FRAMES = 75;
const input = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=3'];
const tone = ['-f', 'lavfi', '-i', 'sine=duration=3'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'];
const FRAGMENTS = '+frag_keyframe+empty_moov+default_base_moof';

const CLIPS = {
  faststart: { file: 'a.mp4', args: [...input, ...tone, ...x264, '-c:a', 'aac', '-movflags', '+faststart'] },
  intra: { file: 'i.mov', args: [...input, '-c:v', 'mjpeg', '-movflags', '+faststart'] },
  matroska: { file: 'a.mkv', args: [...input, ...tone, ...x264, '-c:a', 'aac', '-cluster_time_limit', '400'] },
  avi: { file: 'a.avi', args: [...input, ...tone, '-c:v', 'mpeg4', '-g', '10', '-c:a', 'mp3'] },
  sidx: { file: 's.mp4', args: [...input, ...x264, '-movflags', `${FRAGMENTS}+global_sidx`] },
  mfra: { file: 'r.mp4', args: [...input, ...x264, '-movflags', FRAGMENTS] },
  ts: { file: 'a.ts', args: [...input, ...x264] },
  mxf: {
    file: 'a.mxf',
    args: [...input, ...tone, '-c:v', 'mpeg2video', '-g', '10', '-c:a', 'pcm_s16le', '-ar', '48000'],
  },
  wmv: { file: 'a.wmv', args: [...input, ...tone, '-c:v', 'wmv2', '-b:v', '2M', '-c:a', 'wmav2'] },
} as const;

/** Matroska of which the demuxer gives packets out in another order than that of their bytes, or that holds more than packets. */
const BYTES_OUT_OF_ORDER = {
  'E-AC-3 that is parsed, beside B-frames': {
    file: 'parsed.mkv',
    args: [...input, ...tone, '-c:v', 'libx264', '-bf', '3', '-pix_fmt', 'yuv420p', '-c:a', 'eac3'],
  },
  'alpha beside every picture, and pictures that stand still': {
    file: 'alpha.webm',
    args: [
      ...[
        '-f',
        'lavfi',
        '-i',
        "testsrc2=size=96x64:rate=25:duration=3,format=yuva420p,geq=lum='lum(X,Y)':a='255*random(1)',select='not(between(n,20,40))'",
      ],
      ...['-vsync', 'vfr', '-c:v', 'libvpx', '-auto-alt-ref', '0', '-b:v', '1M'],
    ],
  },
} as const;

type Spoil = (bytes: Buffer) => Buffer;
const zeros =
  (from: number, to: number): Spoil =>
  (bytes) => {
    const spoiled = Buffer.from(bytes);
    return spoiled.fill(0, Math.floor(from * bytes.length), Math.floor(to * bytes.length));
  };
/** The same bytes each time, and no two alike. */
const garbage =
  (from: number, to: number): Spoil =>
  (bytes) => {
    const spoiled = Buffer.from(bytes);
    for (let i = Math.floor(from * bytes.length), x = 1; i < to * bytes.length; i++) {
      x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0;
      spoiled[i] = x >>> 24;
    }
    return spoiled;
  };
const cut =
  (share: number): Spoil =>
  (bytes) =>
    bytes.subarray(0, Math.floor(share * bytes.length));
/** The index that lies last is kept, and half of what it names is not. */
const keepingIndex: Spoil = (bytes) =>
  Buffer.concat([bytes.subarray(0, (bytes.length >> 2) << 1), bytes.subarray(bytes.lastIndexOf('idx1'))]);

async function spoiled(clip: keyof typeof CLIPS, spoil: Spoil) {
  const { file, args } = CLIPS[clip];
  return fileOf(file, spoil(await readFile(await makeClip({ file, args }))));
}

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a film of which an index promised more than decodes', () => {
  it.each([
    { what: 'an MP4 whose second half is zeros', clip: 'faststart', spoil: zeros(0.5, 1) },
    { what: 'an MP4 whose middle is zeros', clip: 'faststart', spoil: zeros(0.4, 0.6) },
    { what: 'an MP4 whose middle is garbage', clip: 'faststart', spoil: garbage(0.4, 0.6) },
    { what: 'a MOV of pictures on their own with zeros', clip: 'intra', spoil: zeros(0.5, 0.7) },
    { what: 'a Matroska whose second half is zeros', clip: 'matroska', spoil: zeros(0.5, 1) },
    { what: 'a Matroska whose middle is garbage', clip: 'matroska', spoil: garbage(0.4, 0.6) },
    { what: 'an AVI whose middle is zeros', clip: 'avi', spoil: zeros(0.4, 0.6) },
    { what: 'fragments behind an index, the second half zeros', clip: 'sidx', spoil: zeros(0.5, 1) },
    { what: 'an MXF whose middle is garbage', clip: 'mxf', spoil: garbage(0.4, 0.6) },
    { what: 'a WMV whose middle is garbage', clip: 'wmv', spoil: garbage(0.4, 0.6) },
    { what: 'fragments before an index, the middle zeros', clip: 'mfra', spoil: zeros(0.4, 0.6) },
  ] as const)('is refused, and comes out if that is accepted: $what', async ({ clip, spoil }) => {
    const source = await spoiled(clip, spoil);
    const refused = await mill.run(source, 'preserve', QUICK);
    const share = expect.stringMatching(/^\d\d % of its frames are missing: \d+ of \d+ .*damaged=accept$/);
    expect(refused.outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason: share });
    const { outcome, manifest, path } = await mill.run(source, 'preserve', { ...QUICK, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings } = await manifest();
    const [told = ''] = warnings.filter((warning) => warning.includes('of its frames are missing'));
    const [, missing, of] = /: (\d+) of (\d+) /.exec(told)?.map(Number) ?? [];
    const { streams } = await ffprobe(path('preserve.mp4'), '-select_streams', 'v', '-count_packets', '-show_streams');
    expect(Math.abs(Number(of) - FRAMES)).toBeLessThanOrEqual(clip === 'mfra' ? 10 : 1); // its last fragment is not promised
    expect(Number(of) - Number(missing)).toBe(Number(streams[0]?.nb_read_packets));
  });

  it.each([
    {
      what: 'a MOV cut short behind its index',
      clip: 'intra',
      spoil: cut(0.6),
      says: /mdat box at byte \d+ is \d+ bytes long, of which \d+ are there/,
    },
    { what: 'a Matroska cut short', clip: 'matroska', spoil: cut(0.6), says: /cut short/ },
    { what: 'an AVI cut short, its index kept', clip: 'avi', spoil: keepingIndex, says: /cut short/ },
  ] as const)('is refused as cut short, and comes out if that is accepted: $what', async ({ clip, spoil, says }) => {
    const source = await spoiled(clip, spoil);
    const refused = await mill.run(source, 'preserve', QUICK);
    expect(refused.outcome).toMatchObject({ status: 'failed', code: 'truncated', reason: expect.stringMatching(says) });
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...QUICK, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('what is there is published'),
        expect.stringMatching(/[3-6]\d % of its frames are missing/),
      ]),
    );
  });

  it('is published with a warning where little is missing', async () => {
    const source = await spoiled('intra', zeros(0.5, 0.52));
    const { outcome, manifest } = await mill.run(source, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContainEqual(
      expect.stringMatching(/^[1-4] % of its frames are missing: [23] of 75/),
    );
  });

  it('is refused by every recipe', async () => {
    const source = await spoiled('intra', zeros(0.5, 0.7));
    for (const recipe of ['downscale', 'ladder', 'vj', 'mezzanine'])
      expect((await mill.run(source, recipe)).outcome).toMatchObject({ status: 'failed', code: 'bad-input' });
  });
});

describe('a stream that promises no frames', () => {
  it('is refused where more than a few of its packets decode to nothing, and tells how long nothing is shown if that is accepted', async () => {
    const source = await spoiled('ts', zeros(0.4, 0.6));
    const refused = await mill.run(source, 'preserve', QUICK);
    const share = expect.stringMatching(/^\d+ % of its frames are missing: \d+ of \d+ .*damaged=accept$/);
    expect(refused.outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason: share });
    const { outcome, manifest } = await mill.run(source, 'preserve', { ...QUICK, damaged: 'accept' });
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings } = await manifest();
    expect(warnings).toContainEqual(expect.stringMatching(/% of its frames are missing/));
    expect(warnings).toContainEqual(expect.stringMatching(/nothing is shown for \d\.\d\d s within it/));
  });

  it('is taken where it begins before its first keyframe, as a recording of a broadcast does', async () => {
    const { file, args } = CLIPS.ts;
    const whole = await readFile(await makeClip({ file, args: [...args, '-g', '30'] }));
    const tables = whole.subarray(0, 3 * 188);
    const later = whole.subarray(188 * Math.floor(whole.length / 188 / 6));
    const { outcome } = await mill.run(await fileOf(file, Buffer.concat([tables, later])), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
  });

  it('has all pictures of Theora where two recordings follow each other in one Ogg', async () => {
    const theora = ['-c:v', 'libtheora', '-q:v', '6', '-c:a', 'libvorbis'];
    const once = await readFile(await makeClip({ file: 'once.ogv', args: [...input, ...tone, ...theora] }));
    const { outcome, path, manifest } = await mill.run(
      await fileOf('twice.ogv', Buffer.concat([once, once])),
      'preserve',
      QUICK,
    );
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams } = await ffprobe(path('preserve.mp4'), '-select_streams', 'v', '-count_packets', '-show_streams');
    expect(Number(streams[0]?.nb_read_packets)).toBe(2 * FRAMES);
    expect((await manifest()).warnings.filter((warning) => /decoded|missing/.test(warning))).toEqual([]);
  });
});

describe('a film whose groups of pictures are open', () => {
  const OPEN = {
    file: 'open.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25:duration=12', '-c:v', 'libx264', '-preset', 'fast'],
      ...['-pix_fmt', 'yuv420p', '-x264-params', 'keyint=30:open-gop=1'],
    ],
  } as const;
  const SHORT = { ...QUICK, segmentSeconds: '2-4' };
  const OF_DAMAGE = /damaged|without errors/;

  it('is whole, though a decoder complains where it begins to decode for a later segment', async () => {
    const { outcome, manifest } = await mill.run(await makeClip(OPEN), 'preserve', SHORT);
    expect(outcome).toMatchObject({ status: 'done' });
    const { warnings, renditions } = await manifest();
    expect(renditions[0]?.segments.total).toBeGreaterThan(2);
    expect(warnings.filter((line) => OF_DAMAGE.test(line))).toEqual([]);
  });

  it('is damaged at its beginning where it was cut there, so that its first references are missing', async () => {
    const cutOff = join(await temporaryFolder(), 'cut.mkv');
    await run('ffmpeg', ['-v', 'error', '-ss', '4.9', '-i', await makeClip(OPEN), '-c', 'copy', cutOff]);
    const { outcome, manifest } = await mill.run(cutOff, 'preserve', SHORT);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings.filter((line) => OF_DAMAGE.test(line))).toEqual([
      expect.stringMatching(/^[1-3] frames? near 0:00 of the source could not be decoded without errors$/),
    ]);
  });

  it('is damaged where its packets are, and nowhere else', async () => {
    const clip = await makeClip(OPEN);
    const { packets } = await ffprobe(clip, '-show_packets', '-select_streams', 'v');
    const bytes = await readFile(clip);
    for (const { pts_time, pos, size } of packets) {
      if (Math.abs(Number(pts_time) - 6.5) > 0.13) continue;
      for (let i = Number(pos) + Math.floor(Number(size) / 3); i < Number(pos) + Number(size); i++)
        bytes[i] = (bytes[i] ?? 0) ^ 0x5a;
    }
    const { outcome, manifest } = await mill.run(await fileOf('open.mp4', bytes), 'preserve', SHORT);
    expect(outcome).toMatchObject({ status: 'done' });
    const told = (await manifest()).warnings.filter((line) => OF_DAMAGE.test(line));
    expect(told).toEqual([
      expect.stringMatching(/^\d+ frames? near 0:06 of the source could not be decoded without errors$/),
    ]);
  });
});

it('a film that is decoded from its start says where its decoder complained', async () => {
  const { outcome, manifest } = await mill.run(await spoiled('ts', garbage(0.5, 0.502)), 'preserve', QUICK);
  expect(outcome).toMatchObject({ status: 'done' });
  expect((await manifest()).warnings).toContainEqual(
    expect.stringMatching(/^\d+ frames? near 0:01 of the source could not be decoded without errors$/),
  );
});

it.each([
  { of: 'damage is the fault of the film', how: garbage(0.5, 0.502), code: 'bad-input' },
  { of: 'a whole film is a fault of ours', how: undefined, code: 'not-exact' },
])('a difference between decodes: $of', async ({ how, code }) => {
  const differs = async () => ({ equal: false, detail: 'frame 40 differs' });
  const unsteady = await testMill({
    between: ({ measurer }) => ({ measurer: { ...measurer, compareFrames: differs } }),
  });
  const source = how ? await spoiled('ts', how) : await makeClip(CLIPS.ts);
  const { outcome } = await unsteady.run(source, 'preserve', { ...QUICK, lossless: true });
  expect(outcome).toMatchObject({ status: 'failed', code });
});

describe('a film of which nothing is missing', () => {
  it.each(Object.keys(CLIPS) as (keyof typeof CLIPS)[])('has no warning: %s', async (clip) => {
    const { outcome, manifest } = await mill.run(await makeClip(CLIPS[clip]), 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings.filter((warning) => /missing|nothing is shown/.test(warning))).toEqual([]);
  });

  it.each(Object.keys(BYTES_OUT_OF_ORDER) as (keyof typeof BYTES_OUT_OF_ORDER)[])(
    'comes out of a Matroska with %s',
    async (clip) => {
      const { outcome, manifest } = await mill.run(await makeClip(BYTES_OUT_OF_ORDER[clip]), 'preserve', QUICK);
      expect(outcome).toMatchObject({ status: 'done' });
      expect((await manifest()).warnings.filter((warning) => warning.includes('missing'))).toEqual([]);
    },
  );
});
