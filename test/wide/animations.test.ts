import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { unfold } from '../../media/animation/unfold.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { decodeRgba, packetsOf } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { freshToolbox } from '../support/toolbox.ts';

const FAST = { preset: 'ultrafast', evenIfLarger: 'true' };
const PICTURES = 5;
const MOVING = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=10:d=${PICTURES / 10}`];

/** A GIF with these delays, in hundredths of a second. */
async function gif(delays: readonly number[]): Promise<string> {
  const bytes = Buffer.from(await readFile(await makeClip({ file: 'a.gif', args: MOVING })));
  let at = 0;
  for (const delay of delays) {
    at = bytes.indexOf(Buffer.from([0x21, 0xf9, 0x04]), at) + 4;
    bytes.writeUInt16LE(delay, at);
  }
  return fileOf('delays.gif', bytes);
}

/** An APNG with these delays, as fractions of a second. */
async function apng(delays: readonly (readonly [number, number])[]): Promise<string> {
  const made = await makeClip({ file: 'a.apng', args: [...MOVING, '-f', 'apng'] });
  const bytes = Buffer.from(await readFile(made));
  let at = 0;
  for (const [top, bottom] of delays) {
    at = bytes.indexOf('fcTL', at) + 4;
    bytes.writeUInt16BE(top, at + 20);
    bytes.writeUInt16BE(bottom, at + 22);
    bytes.writeUInt32BE(checksum(bytes.subarray(at - 4, at + 26)), at + 26);
  }
  return fileOf('delays.png', bytes);
}

function checksum(bytes: Uint8Array): number {
  if (typeof crc32 === 'function') return crc32(bytes);
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** A chunk with a keyword, fields, and a text that is packed. */
function textChunk(type: string, keyword: string, fields: string, text: string): Buffer {
  const head = Buffer.from(`${type}${keyword}\0${fields}`, 'latin1');
  const body = Buffer.concat([head, deflateSync(text)]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  sum.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, sum]);
}

/** A WebP of three pictures, of which the right half can be half seen through. */
async function webp(delay: number[]): Promise<string> {
  const [width, height] = [48, 32];
  const pixels = Buffer.alloc(4 * width * height * delay.length);
  for (let i = 0; i < pixels.length / 4; i++) {
    const page = Math.floor(i / (width * height));
    pixels.set([200, 40 * page, 60, i % width < width / 2 ? 255 : 128], 4 * i);
  }
  const raw = { width, height: height * delay.length, channels: 4, pageHeight: height } as const;
  const bytes = await sharp(pixels, { raw }).webp({ lossless: true, delay, exact: true }).toBuffer();
  let at = 0;
  for (const each of delay) {
    at = bytes.indexOf('ANMF', at) + 8; // sharp itself makes 100 ms of a short delay
    bytes.writeUIntLE(each, at + 12, 3);
  }
  return fileOf('alpha.webp', bytes);
}

const run = promisify(execFile);

const XMP_TITLE = '-XMP-dc:Title=A title';
const EXIF = [
  ...['-EXIF:Make=Maker', '-GPSLatitude=33.86', '-GPSLatitudeRef=S', '-GPSLongitude=151.2111', '-GPSLongitudeRef=E'],
];
const EXIF_LOST = 'what it holds besides does not go with the film: EXIF (but for camera, date and place)';

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

describe('an animated picture', () => {
  it.each([
    // 0 and 10 ms are shown for 100 ms
    { kind: 'GIF', make: () => gif([0, 1, 2, 7, 150]), starts: [0, 0.1, 0.2, 0.22, 0.29], end: 1.79, hurried: 2 },
    { kind: 'GIF', make: () => gif([0, 0, 0, 0, 0]), starts: [0, 0.1, 0.2, 0.3, 0.4], end: 0.5, hurried: 5 },
    {
      kind: 'APNG',
      make: () =>
        apng([
          [1, 30],
          [1, 24],
          [0, 100],
          [1001, 30_000],
          [1, 3],
        ]),
      starts: [0, 1 / 30, 9 / 120, 21 / 120, 21 / 120 + 1001 / 30_000],
      end: 21 / 120 + 1001 / 30_000 + 1 / 3,
      hurried: 1,
    },
    { kind: 'WebP', make: () => webp([40, 333, 5]), starts: [0, 0.04, 0.373], end: 0.473, hurried: 1 },
    { kind: 'WebP', make: () => webp([40, 40]), starts: [0, 0.04], end: 0.08, hurried: 0 },
  ])(
    'in $kind is a film whose pictures are shown as long as browsers show them',
    async ({ make, starts, end, hurried }) => {
      const { outcome, manifest, path } = await mill.run(await make(), 'preserve', FAST);
      expect(outcome).toMatchObject({ status: 'done' });
      const { renditions, warnings } = await manifest();
      expect(renditions[0]).toMatchObject({ frames: starts.length });
      expect(renditions[0]?.durationSeconds).toBeCloseTo(end, 5);
      expect(warnings).toContainEqual(expect.stringMatching(/^the source is an animated /));
      const told = hurried > 0 ? [`${hurried} of its ${starts.length} pictures have a delay of 10 ms or less`] : [];
      expect(warnings.filter((each) => each.includes('10 ms')).map((each) => each.split(',')[0])).toEqual(told);
      const shown = (await packetsOf(path('preserve.mp4'), 'v:0')).map(({ seconds }) => seconds).sort((a, b) => a - b);
      expect(shown.map((seconds) => Number(seconds.toFixed(5)))).toEqual(
        starts.map((start) => Number(start.toFixed(5))),
      );
    },
  );

  it.each([
    { kind: 'GIF', make: () => gif([10, 10]), tags: ['-Comment=A comment', XMP_TITLE], comment: 'A comment', lost: [] },
    {
      kind: 'APNG',
      make: () => apng([[1, 10]]),
      tags: ['-PNG:Author=Somebody', XMP_TITLE, ...EXIF],
      lost: [EXIF_LOST],
    },
    { kind: 'WebP', make: () => webp([100, 100]), tags: [XMP_TITLE, ...EXIF], lost: [EXIF_LOST] },
  ])('of $kind takes along what it says, or tells that it is lost', async ({ make, tags, comment, lost }) => {
    const source = await mill.own(await make(), `tagged-${basename(await make())}`);
    await run('exiftool', ['-q', '-overwrite_original', ...tags, source]);
    const { outcome, manifest, path } = await mill.run(source, 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    const [said] = JSON.parse((await run('exiftool', ['-j', '-s', '-n', path('preserve.mp4')])).stdout);
    const exif = tags.includes('-EXIF:Make=Maker')
      ? { Make: 'Maker', GPSLatitude: -33.86, GPSLongitude: 151.2111 }
      : {};
    expect(said).toMatchObject({ Title: 'A title', ...(comment && { Comment: comment }), ...exif });
    if (tags.includes('-PNG:Author=Somebody')) expect(said).toMatchObject({ Artist: 'Somebody' });
    const { warnings } = await manifest();
    expect(warnings.filter((each) => each.startsWith('what it holds besides'))).toEqual(lost);
  });

  it('whose comment is longer than any real one is made without it, and that is told', async () => {
    const source = await mill.own(await gif([10, 10]), 'long-comment.gif');
    const comment = join(mill.folder, 'comment.txt');
    await writeFile(comment, 'x'.repeat(300_000));
    await run('exiftool', ['-q', '-overwrite_original', `-Comment<=${comment}`, source]);
    const { outcome, manifest } = await mill.run(source, 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).warnings).toContain(
      'what it holds besides does not go with the film: comment (300000 bytes)',
    );
  });

  it('of which nothing can be written ends with that, and with no process that waits', async () => {
    const { ffmpeg } = await freshToolbox(new AbortController().signal);
    const large = ['-f', 'lavfi', '-i', 'testsrc2=s=640x480:r=10:d=2']; // more than a pipe takes
    const source = await makeClip({ file: 'large.gif', args: large });
    const output = `/${'x'.repeat(200_000)}`; // longer than an argument may be, so that no process begins
    await expect(unfold(ffmpeg.path, source, output, new AbortController().signal)).rejects.toThrow(
      'writing the pictures',
    );
    const { stdout: processes } = await run('ps', ['-eo', 'args']);
    expect(processes.split('\n').filter((line) => line.includes(source))).toEqual([]);
  });

  it.each([
    { what: 'XMP', chunk: () => textChunk('iTXt', 'XML:com.adobe.xmp', '\x01\0\0\0', 'x'.repeat(1_500_000)) },
    { what: 'comment', chunk: () => textChunk('zTXt', 'Comment', '\0', 'x'.repeat(1_500_000)) },
  ])('of which $what is larger than any is made without it, and that is told', async ({ what, chunk }) => {
    const bytes = await readFile(await apng([[1, 10]]));
    const behindHeader = 8 + 25;
    const source = Buffer.concat([bytes.subarray(0, behindHeader), chunk(), bytes.subarray(behindHeader)]);
    const { outcome, manifest } = await mill.run(await fileOf('packed.png', source), 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(warnings).toContain(`what it holds besides does not go with the film: ${what}`);
    expect(renditions[0]?.metadata?.filter(({ name, fate }) => name === 'XMP' && fate === 'kept')).toEqual([]);
  });

  it.each([
    { kind: 'GIF', make: () => gif([10, 10]) },
    { kind: 'APNG', make: () => apng([[1, 10]]) },
  ])('has no tag of the film that we make of it first: $kind', async ({ make }) => {
    for (const container of ['mp4', 'mkv']) {
      const { manifest } = await mill.run(await make(), 'preserve', { ...FAST, container });
      expect((await manifest()).renditions[0]?.metadata).toEqual([]);
    }
  });

  it('with two comments has both', async () => {
    const bytes = await readFile(await gif([10, 10]));
    const comment = (text: string) => Buffer.concat([Buffer.from([0x21, 0xfe, text.length]), Buffer.from(`${text}\0`)]);
    const trailer = bytes.subarray(-1);
    const source = Buffer.concat([bytes.subarray(0, -1), comment('first'), comment('second'), trailer]);
    const { path } = await mill.run(await fileOf('comments.gif', source), 'preserve', FAST);
    const { stdout } = await run('exiftool', ['-b', '-UserData:Comment', path('preserve.mp4')]);
    expect(stdout).toBe('first\nsecond');
  });

  it('keeps what can be seen through it in a format for the stage that has alpha', async () => {
    const { outcome, path } = await mill.run(await webp([100, 100, 100]), 'vj', { codec: 'hapalpha' });
    expect(outcome).toMatchObject({ status: 'done' });
    const rgba = await decodeRgba('ffmpeg', path('hapalpha.mov'), 1);
    expect(Math.abs((rgba[4 * 5 + 3] ?? 0) - 255)).toBeLessThanOrEqual(2);
    expect(Math.abs((rgba[4 * 40 + 3] ?? 0) - 128)).toBeLessThanOrEqual(4);
  });

  it.each([
    { what: 'one picture', make: async () => makeClip({ file: 'one.gif', args: [...MOVING, '-frames:v', '1'] }) },
    {
      what: 'an end amid its pictures',
      make: async () => fileOf('cut.gif', (await readFile(await gif([5]))).subarray(0, -300)),
    },
  ])('of $what is refused', async ({ make }) => {
    const { outcome } = await mill.run(await make(), 'preserve', FAST);
    expect(outcome).toMatchObject({ status: 'failed', code: expect.stringMatching(/^(not-video|truncated)$/) });
  });

  it('that would not become smaller stays as it is', async () => {
    const source = await gif([10, 10, 10, 10, 10]);
    const { outcome, manifest, path } = await mill.run(source, 'preserve', { preset: 'ultrafast', crf: '23' });
    expect(outcome).toMatchObject({ status: 'done' });
    const [only] = (await manifest()).renditions;
    expect(only).toMatchObject({ codec: 'gif', quality: { metric: 'identical' } });
    expect(await readFile(path('preserve.gif'))).toEqual(await readFile(source));
  });
});
