import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { box, boxes } from '../fixtures/craft.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { decodedFrames } from '../support/decoded-frames.ts';
import { flashesAndBeepsIn } from '../support/flashes.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const QUICK = { preset: 'ultrafast', evenIfLarger: true } as const;
const input = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=2'];
const tone = ['-f', 'lavfi', '-i', 'sine=duration=2'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '10', '-pix_fmt', 'yuv420p'];
const fragments = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];

const clip = async (file: string, args: readonly string[]) => readFile(await makeClip({ file, args }));

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('a file to which another film was appended is refused', () => {
  it.each([
    { file: 'a.mkv', args: [...input, ...tone, ...h264, '-c:a', 'aac'] },
    { file: 'live.webm', args: [...input, '-c:v', 'libvpx', '-deadline', 'realtime', '-live', '1'] },
    { file: 'a.flv', args: [...input, ...tone, ...h264, '-c:a', 'aac'] },
    { file: 'a.wmv', args: [...input, ...tone] },
    { file: 'a.mp4', args: [...input, ...tone, ...h264, '-c:a', 'aac'] },
    { file: 'fragments.mp4', args: [...input, ...h264, ...fragments] },
  ])('$file', async ({ file, args }) => {
    const once = await clip(file, args);
    const { outcome } = await mill.run(await fileOf(file, Buffer.concat([once, once])), 'preserve', QUICK);
    const reason = expect.stringMatching(/holds several films behind each other: .* begins at byte \d+; cut it there/);
    expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
    expect((await mill.run(await fileOf(file, once), 'preserve', QUICK)).outcome).toMatchObject({ status: 'done' });
  });
});

describe('recordings of picture and sound that are chained in one Ogg', () => {
  const FLASH = (rate: string) =>
    `color=black:s=96x64:r=${rate}:d=2,geq=lum='if(between(T,1,1.05),235,16+mod(N,8))':cb=128:cr=128`;
  const BEEP = "aevalsrc='if(between(t,1.001,1.1),0.8*sin(2*PI*1000*t),0)':s=48000";
  const part = (args: readonly string[], seconds: number, rate: string) =>
    clip('part.ogv', ['-f', 'lavfi', '-i', FLASH(rate), '-f', 'lavfi', '-i', `${BEEP}:d=${seconds}`, ...args]);
  const THEORA = ['-c:v', 'libtheora', '-q:v', '6', '-g', '12', '-serial_offset'];

  /** Recordings whose sound ends before or behind the picture, under serial numbers of their own. */
  const chain = async (args: readonly string[], rate = '25') => {
    const parts = [1.7, 2.4, 2, 1.6].map((seconds, i) => part([...args, `${10 * i}`], seconds, rate));
    const all = await Promise.all(parts);
    const counted = await Promise.all(
      all.map(async (bytes) => (await decodedFrames(await fileOf('part.ogv', bytes), 'yuv420p')).length),
    );
    const frames = counted.reduce((sum, each) => sum + each, 0);
    return { path: await fileOf('chain.ogv', Buffer.concat(all)), frames };
  };

  it.each([
    { what: 'Theora and Vorbis', args: ['-c:a', 'libvorbis', ...THEORA] },
    { what: 'Theora of 29.97 frames and Opus', args: ['-c:a', 'libopus', ...THEORA], rate: '30000/1001' },
    { what: 'VP8 and Opus', args: ['-c:v', 'libvpx', '-g', '25', '-c:a', 'libopus', '-serial_offset'] },
    {
      what: 'VP8 and Vorbis',
      args: ['-c:v', 'libvpx', '-g', '25', '-c:a', 'libvorbis', '-serial_offset'],
    },
  ])('follow each other, and are in step behind every joint: $what', async ({ args, rate }) => {
    const chained = await chain(args, rate);
    const { outcome, manifest, path } = await mill.run(chained.path, 'preserve', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { flashes, beeps } = await flashesAndBeepsIn(path('preserve.mp4'));
    expect([flashes.length, beeps.length]).toEqual([4, 4]);
    const early = flashes.map((flash, i) => flash - (beeps[i] ?? Number.NaN));
    expect(Math.max(...early) - Math.min(...early)).toBeLessThan(0.002);
    const { renditions, warnings } = await manifest();
    expect(renditions[0]?.frames).toBe(chained.frames);
    expect(warnings).toContainEqual(expect.stringMatching(/^the source holds 4 recordings that are chained/));
    expect(warnings.join()).not.toMatch(/decoded|missing|too (late|early)/);
  });

  it('are refused where one has another size, since half of them would be missing, with the commands that cut them', async () => {
    const args = [...tone, '-c:v', 'libtheora', '-q:v', '6', '-c:a', 'libvorbis'];
    const first = await clip('first.ogv', [...input, ...args]);
    const second = await clip('second.ogv', [...args.slice(0, 4), ...input, ...args.slice(4), '-s', '64x64']);
    const chained = await fileOf('chain.ogv', Buffer.concat([first, second]));
    const { outcome } = await mill.run(chained, 'preserve', QUICK);
    const reason = expect.stringMatching(
      new RegExp(`another recording.* is chained behind it at byte ${first.length}`),
    );
    expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input', exitCode: 65, reason });
    const said = outcome.status === 'failed' ? outcome.reason : '';
    const commands = [...said.matchAll(/"((?:head|tail) -c \+?\d+)"/g)].map(([, command = '']) => command.split(' '));
    const parts = commands.map(([program = '', ...args]) =>
      execa(program, [...args, chained], { encoding: 'buffer', stripFinalNewline: false }),
    );
    const cut = await Promise.all(parts.map(async (part) => Buffer.from((await part).stdout)));
    expect(cut.map((bytes, i) => bytes.equals(i === 0 ? first : second))).toEqual([true, true]);
  });
});

describe('fragments of an MP4', () => {
  /** Its boxes; the last one, which lists the fragments, is left out. */
  const parts = async () => {
    const bytes = await clip('f.mp4', [...input, ...h264, ...fragments]);
    const all = boxes(bytes).map(({ type, start, end }) => ({ type, bytes: bytes.subarray(start, end) }));
    return all.filter(({ type }) => type !== 'mfra').map((each) => each.bytes);
  };
  const warningsOf = async (bytes: readonly Buffer[], settings = {}) => {
    const { outcome, manifest } = await mill.run(await fileOf('f.mp4', Buffer.concat(bytes)), 'preserve', {
      ...QUICK,
      ...settings,
    });
    return outcome.status === 'done' ? (await manifest()).warnings : outcome;
  };

  it('that are out of order lack frames', async () => {
    const [ftyp, moov, a, b, c, d, e, f, ...others] = await parts();
    const swapped = [ftyp, moov, a, b, e, f, c, d, ...others].filter((each) => each !== undefined);
    const missing = expect.stringMatching(/^20 % of its frames are missing: 10 of 50/);
    expect(await warningsOf(swapped)).toMatchObject({ code: 'bad-input', reason: missing });
    expect(await warningsOf(swapped, { damaged: 'accept' })).toContainEqual(missing);
  });

  it('of which one is missing leave a pause that is told', async () => {
    const [ftyp, moov, a, b, , , ...others] = await parts();
    const left = [ftyp, moov, a, b, ...others].filter((each) => each !== undefined);
    const [told] = (await warningsOf(left)) as readonly string[];
    expect(told).toMatch(/^fragments are missing before byte \d+: nothing new is shown for 0\.40 s from 0\.40 s on$/);
  });

  it('among which the header is written again are one film', async () => {
    const [ftyp, moov, a, b, ...others] = await parts();
    const again = [ftyp, moov, a, b, ftyp, moov, ...others].filter((each) => each !== undefined);
    expect(await warningsOf(again)).toEqual([]);
  });
});

it('an MP4 that describes its pictures twice, of different sizes, has all of them', async () => {
  const [one, other] = [
    await clip('a.mp4', [...input, ...h264]),
    await clip('b.mp4', [...['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=25:duration=2'], ...h264]),
  ];
  const { outcome, manifest, path } = await mill.run(
    await fileOf('two.mp4', twoEntries(one, other)),
    'preserve',
    QUICK,
  );
  expect(outcome).toMatchObject({ status: 'done' });
  expect((await manifest()).warnings).toEqual([expect.stringMatching(/changes between 96x64 and 128x96/)]);
  expect(await decodedFrames(path('preserve.mp4'), 'yuv420p')).toHaveLength(100);
});

const STBL = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
const PICTURES = 50;

/** The samples of one film behind those of the other, each with its own description. */
function twoEntries(one: Buffer, other: Buffer): Buffer {
  const [ownData, otherData] = [dataOf(one), dataOf(other)];
  const table = (bytes: Buffer, type: string) => {
    let found: Buffer = Buffer.alloc(0);
    replaceBox(bytes, [...STBL, type], (payload) => {
      found = payload;
      return payload;
    });
    return found;
  };
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
    return bytes;
  };
  const keys = Array.from({ length: 10 }, (_, i) => 1 + 10 * i);
  const ticks = table(one, 'stts').readUInt32BE(12);
  const tables: Readonly<Record<string, Buffer>> = {
    stsd: Buffer.concat([words(0, 2), table(one, 'stsd').subarray(8), table(other, 'stsd').subarray(8)]),
    stsz: Buffer.concat([
      words(0, 0, 2 * PICTURES),
      table(one, 'stsz').subarray(12),
      table(other, 'stsz').subarray(12),
    ]),
    stts: words(0, 1, 2 * PICTURES, ticks),
    stss: words(0, keys.length, ...keys),
    stsc: words(0, 2, 1, PICTURES, 1, 2, PICTURES, 2),
    stco: words(0, 2, ownData.at, ownData.at + ownData.bytes.length),
  };
  let film = one;
  for (const [type, payload] of Object.entries(tables)) film = replaceBox(film, [...STBL, type], () => payload);
  film = replaceBox(film, ['moov', 'trak', 'edts'], () => Buffer.alloc(0));
  const [before, behind] = [film.subarray(0, ownData.start), film.subarray(ownData.end)];
  return Buffer.concat([before, box('mdat', ownData.bytes, otherData.bytes), behind]);
}

function dataOf(bytes: Buffer) {
  const found = boxes(bytes).find(({ type }) => type === 'mdat');
  if (!found) throw new Error('no mdat');
  return { ...found, at: found.start + 8, bytes: bytes.subarray(found.start + 8, found.end) };
}
