import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '../../core/errors.ts';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import type { ClipName } from '../fixtures/clips.ts';
import { boxes, text, u32 } from '../fixtures/craft.ts';
import { clip, fileOf } from '../fixtures/make.ts';

const { signal } = new AbortController();
const scratch = join(tmpdir(), `truncation-${process.pid}.bin`);
afterAll(() => rm(scratch, { force: true }));

/** "sound", or the code of the refusal. */
async function verdictOn(bytes: Buffer): Promise<string> {
  await writeFile(scratch, bytes);
  return judgeStructure(scratch, signal).then(
    () => 'sound',
    (error: unknown) => {
      if (error instanceof ServiceError) return error.code;
      throw error;
    },
  );
}

const CUTS = 20;

/** Enough of a file to tell what it is: its family's mark, or two packets of a transport stream. */
const RECOGNISABLE = 512;

const everyCut = (size: number) => fc.integer({ min: RECOGNISABLE, max: size - 1 });

const begins =
  (...marks: readonly string[]) =>
  (cut: number, bytes: Buffer) =>
    marks.some((mark) => bytes.toString('hex', cut, cut + mark.length / 2) === mark);

/** Or a little behind, where the next box's size has only begun, with zeros. */
const beginsBox = (cut: number, bytes: Buffer) => boxes(bytes).some(({ start }) => cut >= start && cut < start + 4);

describe('a file cut at any byte', () => {
  it.each<ClipName>([
    ...(['cfr', 'indexBehind', 'co64', 'openMdat', 'prores', 'timecode', 'audioWithCover'] as const),
    ...(['matroska', 'manyTracks', 'oddVp9', 'avi', 'packedAvi', 'openDml'] as const),
    ...(['ogg', 'flv', 'nut', 'ivf'] as const),
  ])('is truncated: %s', async (name) => {
    const bytes = await readFile(await clip(name));
    await fc.assert(
      fc.asyncProperty(everyCut(bytes.length), async (cut) => {
        expect(await verdictOn(bytes.subarray(0, cut))).toBe('truncated');
      }),
      { numRuns: CUTS },
    );
  });

  /**
   * These do not say how long they are, so a cut between two units may leave a whole, shorter file: one in which
   * nothing is missing but pictures, or without pictures at all.
   */
  it.each<{ name: ClipName; unit: string; isBetween: (cut: number, bytes: Buffer) => boolean }>([
    { name: 'fragmented', unit: 'boxes', isBetween: beginsBox },
    { name: 'fragmentedIndexed', unit: 'boxes', isBetween: beginsBox },
    { name: 'asf', unit: 'objects', isBetween: begins('90080033') },
    { name: 'mxf', unit: 'triplets', isBetween: begins('060e2b34') },
    { name: 'ts', unit: 'packets', isBetween: (cut) => cut % 188 === 0 },
    { name: 'lateTs', unit: 'packets', isBetween: (cut) => cut % 188 === 0 },
    { name: 'm2ts', unit: 'packets', isBetween: (cut) => cut % 192 === 0 },
    { name: 'ts204', unit: 'packets', isBetween: (cut) => cut % 204 === 0 },
    { name: 'ps', unit: 'packets', isBetween: begins('000001') },
    { name: 'mpeg1', unit: 'packets', isBetween: begins('000001') },
    { name: 'dv', unit: 'frames', isBetween: (cut) => cut % 144_000 === 0 },
    { name: 'y4m', unit: 'frames', isBetween: begins('4652414d45') },
  ])('is truncated, but where the cut falls between two $unit: $name', async ({ name, isBetween }) => {
    const bytes = await readFile(await clip(name));
    await fc.assert(
      fc.asyncProperty(everyCut(bytes.length), async (cut) => {
        const verdict = await verdictOn(bytes.subarray(0, cut));
        expect(isBetween(cut, bytes) ? ['sound', 'truncated', 'not-video'] : ['truncated']).toContain(verdict);
      }),
      { numRuns: CUTS },
    );
  });

  it.each<ClipName>(['h264', 'hevc', 'm2v'])(
    'cannot be told from a whole one, and is sound with a warning: %s',
    async (name) => {
      const bytes = await readFile(await clip(name));
      expect(await verdictOn(bytes.subarray(0, bytes.length >> 1))).toBe('sound');
    },
  );
});

describe('a file that lost its end', () => {
  const judged = async (name: string, bytes: Buffer) => judgeStructure(await fileOf(name, bytes), signal);
  const from = async (name: ClipName) => readFile(await clip(name));
  const boxOf = (bytes: Buffer, type: string, nth = 0) =>
    boxes(bytes)
      .filter((box) => box.type === type)
      .at(nth)?.start ?? 0;

  it.each<{ tells: string; name: ClipName; cut: (bytes: Buffer) => Buffer; says: RegExp }>([
    {
      tells: 'an MP4 by its media box, where the index stands in front',
      name: 'cfr',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its mdat box at byte \d+ is \d+ bytes long, of which \d+ are there/,
    },
    {
      tells: 'an MP4 by its sample tables, where the media box has no size',
      name: 'openMdat',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its sample tables reach to byte \d+, it ends at byte \d+/,
    },
    {
      tells: 'an MP4 by the index that should stand behind',
      name: 'indexBehind',
      cut: (bytes) => bytes.subarray(0, boxOf(bytes, 'moov')),
      says: /it has no index \(moov box\)/,
    },
    {
      tells: 'an MP4 by its index, cut',
      name: 'indexBehind',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its moov box at byte \d+ is/,
    },
    {
      tells: 'a fragmented MP4 by the media of its last fragment, cut',
      name: 'fragmented',
      cut: (bytes) => bytes.subarray(0, boxOf(bytes, 'mdat', -1) + 20),
      says: /its mdat box at byte \d+ is/,
    },
    {
      tells: 'a fragmented MP4 by the media of its last fragment, missing',
      name: 'fragmented',
      cut: (bytes) => bytes.subarray(0, boxOf(bytes, 'mdat', -1)),
      says: /the fragment at byte \d+ reaches to byte \d+/,
    },
    {
      tells: 'a fragmented MP4 by a few bytes of a next fragment',
      name: 'fragmented',
      cut: (bytes) => bytes.subarray(0, boxOf(bytes, 'moof', -1) + 5),
      says: /only 5 bytes of a box are left/,
    },
    {
      tells: 'a fragmented MP4 by its segment index, between two fragments',
      name: 'fragmentedIndexed',
      cut: (bytes) => bytes.subarray(0, boxOf(bytes, 'moof', -1)),
      says: /its segment index \(sidx\) reaches to byte/,
    },
    {
      tells: 'a Matroska by the size of its Segment',
      name: 'matroska',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its Segment is \d+ bytes long/,
    },
    {
      tells: 'an AVI by the list of its pictures',
      name: 'avi',
      cut: (bytes) => bytes.subarray(0, bytes.indexOf('movi') + 500),
      says: /its LIST movi chunk at byte \d+ is/,
    },
    {
      tells: 'an AVI between its pictures and its index, by its RIFF size',
      name: 'avi',
      cut: (bytes) => bytes.subarray(0, bytes.indexOf('idx1')),
      says: /its RIFF AVI chunk at byte 0 is/,
    },
    {
      tells: 'an OpenDML AVI between two RIFFs, by its super index',
      name: 'openDml',
      cut: (bytes) => bytes.subarray(0, bytes.lastIndexOf('RIFF')),
      says: /its index names a part that ends at byte \d+/,
    },
    {
      tells: 'an AVI whose recording was interrupted, by sizes of 0',
      name: 'avi',
      cut: (bytes) => {
        u32(0).copy(bytes, 4);
        return bytes;
      },
      says: /has no size yet: the recording was never finished/,
    },
    {
      tells: 'a transport stream by its last packet',
      name: 'ts',
      cut: (bytes) => bytes.subarray(0, bytes.length - 100),
      says: /it ends within a packet, of which 88 of 188 bytes are there/,
    },
    {
      tells: 'a transport stream by the last PES packet of its sound',
      name: 'ts',
      cut: (bytes) => bytes.subarray(0, bytes.length - 188),
      says: /the last PES packet of PID \d+ has \d+ of \d+ bytes/,
    },
    {
      tells: 'a transport stream whose end was reserved on the disk and never written',
      name: 'ts',
      cut: (bytes) => bytes.fill(0, bytes.length >> 1),
      says: /are no transport stream packets/,
    },
    {
      tells: 'a program stream by its last packet',
      name: 'ps',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its packet at byte \d+ is not all there/,
    },
    {
      tells: 'an Ogg by its last page, cut',
      name: 'ogg',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /its page at byte \d+ ends 1 bytes behind the file/,
    },
    {
      tells: 'an Ogg by its last pages, missing',
      name: 'ogg',
      cut: (bytes) => bytes.subarray(0, bytes.lastIndexOf('OggS', bytes.lastIndexOf('OggS') - 1)),
      says: /its stream \d+ has no last page/,
    },
    {
      tells: 'an FLV between two tags, by the size in its metadata',
      name: 'flv',
      cut: (bytes) => bytes.subarray(0, bytes.length - 4 - bytes.readUInt32BE(bytes.length - 4)),
      says: /its metadata says \d+ bytes, it has \d+/,
    },
    {
      tells: 'an FLV within a tag, by the size behind the last one',
      name: 'flv',
      cut: (bytes) => Buffer.from(bytes.subarray(0, -7).toString('latin1').replace('filesize', 'filesine'), 'latin1'),
      says: /its last tag is not all there/,
    },
    {
      tells: 'a WMV by its data object',
      name: 'asf',
      cut: (bytes) => bytes.subarray(0, bytes.length >> 1),
      says: /its object at byte \d+ reaches to byte/,
    },
    {
      tells: 'an MXF by the footer that its header names',
      name: 'mxf',
      cut: (bytes) => bytes.subarray(0, bytes.length >> 1),
      says: /its footer should begin at byte/,
    },
    {
      tells: 'a NUT by its index',
      name: 'nut',
      cut: (bytes) => bytes.subarray(0, bytes.length - 1),
      says: /it has no index at its end/,
    },
    {
      tells: 'an IVF by the count in its header',
      name: 'ivf',
      cut: (bytes) => bytes.subarray(0, 32 + 12 + bytes.readUInt32LE(32)),
      says: /it has 1 of 25 frames/,
    },
    {
      tells: 'a DV by the size of its frames',
      name: 'dv',
      cut: (bytes) => bytes.subarray(0, 200_000),
      says: /it ends within a frame, of which 56000 of 144000 bytes/,
    },
  ])('gives away $tells', async ({ name, cut, says }) => {
    const path = await clip(name);
    const bytes = cut(Buffer.from(await readFile(path)));
    await expect(judged(`cut-${name}`, bytes)).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(says),
    });
  });

  it('is a warning where a transport stream joins a broadcast midway and ends midway', async () => {
    const bytes = await from('tunedIn');
    const ends = Array.from({ length: 40 }, (_, i) => bytes.subarray(0, bytes.length - 188 * i));
    const verdicts = await Promise.all(ends.map((end, i) => judged(`tuned-${i}.ts`, end)));
    expect(verdicts.flatMap(({ warnings }) => warnings)).toContainEqual(
      expect.stringMatching(/joins a broadcast midway/),
    );
  });

  it('is no MP4 to work on if it is a piece of a stream', async () => {
    const bytes = await from('fragmented');
    const piece = Buffer.concat([
      text('\0\0\0\x10stypmsdh\0\0\0\0'),
      bytes.subarray(boxOf(bytes, 'moof'), boxOf(bytes, 'moof', 1)),
    ]);
    await expect(judged('piece.m4s', piece)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
