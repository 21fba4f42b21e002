import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { u8, u32 } from '../fixtures/craft.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

const run = promisify(execFile);
const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };
const MOVING = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=0.2'];

const gif = async () => readFile(await makeClip({ file: 'a.gif', args: MOVING }));
const apng = async () => readFile(await makeClip({ file: 'a.apng', args: [...MOVING, '-f', 'apng'] }));
const webp = async () => {
  const raw = { width: 48, height: 64, channels: 4, pageHeight: 32 } as const;
  const pixels = Buffer.from(Array.from({ length: 4 * 48 * 64 }, (_, i) => (i < 4 * 48 * 32 ? 90 : 200)));
  return sharp(pixels, { raw })
    .webp({ lossless: true, delay: [100, 100] })
    .toBuffer();
};

/** The GIF with extensions before its end: a label, and blocks of data. */
async function gifWith(...extensions: readonly (readonly [label: number, ...blocks: string[]])[]): Promise<Buffer> {
  const bytes = await gif();
  const parts = extensions.map(([label, ...blocks]) =>
    Buffer.concat([
      ...[u8(0x21, label), ...blocks.flatMap((block) => [u8(block.length), Buffer.from(block, 'latin1')]), u8(0)],
    ]),
  );
  return Buffer.concat([bytes.subarray(0, -1), ...parts, bytes.subarray(-1)]);
}

/** The APNG with chunks behind its header, whose checksums nobody looks at. */
async function apngWith(...chunks: readonly string[]): Promise<Buffer> {
  const bytes = await apng();
  const parts = chunks.map((name) => Buffer.concat([u32(3), Buffer.from(`${name}abc`, 'latin1'), u32(0)]));
  return Buffer.concat([bytes.subarray(0, 33), ...parts, bytes.subarray(33)]);
}

/** The WebP with chunks behind its pictures. */
async function webpWith(...chunks: readonly string[]): Promise<Buffer> {
  const parts = chunks.map((name) =>
    Buffer.concat([Buffer.from(name, 'latin1'), u8(3, 0, 0, 0), Buffer.from('abc\0')]),
  );
  const bytes = Buffer.concat([await webp(), ...parts]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

describe('an animated picture', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it.each([
    {
      file: 'unknown.gif',
      make: () => gifWith([0xff, 'SOMETHING\u00071', 'abc'], [0x01, 'x'.repeat(12), 'A text'], [0x77, 'abc']),
      named: 'data of the application "SOMETHING\\x071", a text that is drawn by the player, extension 0x77',
    },
    {
      file: 'unknown.png',
      make: () => apngWith('zzZz', 'gAMA', 'q\u001b\u0085z', 'tIME', 'zzZz'),
      named: 'the chunk "zzZz", the chunk "q\\x1b\\x85z", the chunk "tIME"',
    },
    {
      file: 'unknown.webp',
      make: () => webpWith('ZZZZ', 'A"\u009b\\'),
      named: 'the chunk "ZZZZ", the chunk "A\\x22\\x9b\\x5c"',
    },
  ])('with parts that nobody knows goes without them, by their names: $file', async ({ file, make, named }) => {
    const { outcome, manifest } = await mill.run(await fileOf(file, await make()), 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContain(`what it holds besides does not go with the film: ${named}`);
  });

  it.each([
    {
      tags: ['-DateTimeOriginal=2024:05:06 07:08:09', '-OffsetTimeOriginal=+05:30', '-OffsetTime=-01:00'],
      zone: '+05:30',
    },
    { tags: ['-ModifyDate=2024:05:06 07:08:09', '-OffsetTime=-01:00', '-OffsetTimeOriginal=+05:30'], zone: '-01:00' },
    { tags: ['-DateTimeOriginal=2024:05:06 07:08:09', '-OffsetTime=-01:00'], zone: '' },
  ])('has the date of its EXIF with its zone: "$zone"', async ({ tags, zone }) => {
    const source = await mill.own(await fileOf('zone.webp', await webp()));
    await run('exiftool', ['-q', '-overwrite_original', ...tags, source]);
    const { path } = await mill.run(source, 'preserve', FAST);
    const probed = ['-v', 'error', '-show_entries', 'format_tags=date', '-of', 'csv=p=0', path('preserve.mp4')];
    expect((await run('ffprobe', probed)).stdout.trim()).toBe(`2024-05-06T07:08:09${zone}`);
  });
});
