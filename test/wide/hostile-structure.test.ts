import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '../../core/errors.ts';
import { judgeAvi } from '../../media/structure/judge-avi.ts';
import { judgeMatroska } from '../../media/structure/judge-matroska.ts';
import { judgeMp4 } from '../../media/structure/judge-mp4.ts';
import { judgeOgg } from '../../media/structure/judge-ogg.ts';
import { judgeProgramStream } from '../../media/structure/judge-program-stream.ts';
import { judgeStructure } from '../../media/structure/judge-structure.ts';
import { judgeTransportStream } from '../../media/structure/judge-transport-stream.ts';
import type { ClipName } from '../fixtures/clips.ts';
import { box, boxes, chunk, element, text, u8, u16, u32, u32le, u64 } from '../fixtures/craft.ts';
import { replaceBox } from '../fixtures/edits.ts';
import { clip } from '../fixtures/make.ts';
import { bytesSource, sourceOf } from '../fixtures/sources.ts';

const { signal } = new AbortController();
const scratch = join(tmpdir(), `hostile-${process.pid}.bin`);
afterAll(() => rm(scratch, { force: true }));

/** Any refusal is right, any other throw is a bug. */
async function judged(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'sound',
    (error: unknown) => {
      if (error instanceof ServiceError) return error.code;
      throw error;
    },
  );
}

const GB = 1e9;

describe('a file of 40 GB', () => {
  it('costs little to read as MP4 of one index and one media box', async () => {
    const small = await readFile(await clip('indexBehind'));
    const moov = boxes(small).find(({ type }) => type === 'moov');
    const mdat = boxes(small).find(({ type }) => type === 'mdat');
    const head = Buffer.concat([small.subarray(0, mdat?.start), u32(1), text('mdat'), u64(BigInt(40 * GB))]);
    const index = small.subarray(moov?.start, moov?.end);
    const at = (mdat?.start ?? 0) + 40 * GB;
    const source = sourceOf(
      [
        { at: 0, bytes: head },
        { at, bytes: index },
      ],
      at + index.length,
    );
    expect((await judgeMp4(source)).warnings).toEqual([]);
    expect(source.bytesRead()).toBeLessThan(100_000);
  });

  it('costs little to read as MP4 of 80,000 fragments', async () => {
    const small = await readFile(await clip('fragmented'));
    const [moof, mdat] = ['moof', 'mdat'].map((type) => boxes(small).find((found) => found.type === type));
    const fragment = small.subarray(moof?.start, mdat?.start);
    const head = small.subarray(0, moof?.start);
    const stretches = [{ at: 0, bytes: head }];
    const media = Buffer.concat([u32(500_000), text('mdat')]);
    const one = Buffer.concat([fragment, media]);
    const count = 80_000;
    const stride = fragment.length + 500_000;
    const size = head.length + count * stride;
    const sparse = {
      name: '"fragments"',
      size,
      read: async (at: number, length: number) => {
        if (at < head.length) return sourceOf(stretches, size).read(at, length);
        const within = (at - head.length) % stride;
        return sourceOf([{ at: 0, bytes: one }], stride).read(within, Math.min(length, size - at));
      },
    };
    expect((await judgeMp4(sparse)).warnings).toEqual([]);
  });

  it('costs little to read as Matroska, AVI, transport, program and Ogg stream', async () => {
    const of = async (name: ClipName) => readFile(await clip(name));
    const mkv = Buffer.from(await of('matroska'));
    const segment = mkv.indexOf('18538067', 0, 'hex');
    u64(2n ** 56n + BigInt(40 * GB)).copy(mkv, segment + 4);
    const matroska = sourceOf([{ at: 0, bytes: mkv }], segment + 12 + 40 * GB);
    expect(await judgeMatroska(matroska)).toEqual([]);

    const ts = await of('ts');
    const packets = Math.floor((40 * GB) / 188) * 188;
    const transport = sourceOf(
      [
        { at: 0, bytes: ts },
        { at: packets - ts.length, bytes: ts },
      ],
      packets,
    );
    expect(await judgeTransportStream(transport)).toEqual([]);

    const ps = await of('ps');
    const program = sourceOf(
      [
        { at: 0, bytes: ps },
        { at: 40 * GB - ps.length, bytes: ps },
      ],
      40 * GB,
    );
    expect(await judgeProgramStream(program)).toEqual([]);

    const ogg = await of('ogg');
    const pages = sourceOf(
      [
        { at: 0, bytes: ogg },
        { at: 40 * GB - ogg.length, bytes: ogg },
      ],
      40 * GB,
    );
    expect(await judgeOgg(pages)).toEqual([]);

    for (const source of [matroska, transport, program, pages]) expect(source.bytesRead()).toBeLessThan(8_000_000);
  });
});

describe('a size that lies', () => {
  const ftyp = box('ftyp', text('isom'), u32(512));
  const giant = u64(2n ** 64n - 1n);

  it.each<{ does: string; bytes: Buffer; code: string }>([
    { does: 'a box of 2^64-1 bytes', bytes: Buffer.concat([ftyp, u32(1), text('mdat'), giant]), code: 'truncated' },
    {
      does: 'a box of 2^63 bytes',
      bytes: Buffer.concat([ftyp, u32(1), text('moov'), u64(2n ** 63n)]),
      code: 'truncated',
    },
    { does: 'a box smaller than its header', bytes: Buffer.concat([ftyp, u32(4), text('moov')]), code: 'truncated' },
    {
      does: 'a 64-bit box smaller than its header',
      bytes: Buffer.concat([ftyp, u32(1), text('moov'), u64(8n)]),
      code: 'truncated',
    },
    {
      does: 'a child larger than its parent',
      bytes: Buffer.concat([ftyp, box('moov', u32(999), text('trak')), box('free', Buffer.alloc(2000))]),
      code: 'bad-input',
    },
    {
      does: 'a media box that swallows the index',
      bytes: Buffer.concat([ftyp, u32(0), text('mdat'), box('moov')]),
      code: 'truncated',
    },
    {
      does: 'boxes nested 10,000 deep',
      bytes: Buffer.concat([ftyp, nested('trak', 10_000), box('mdat')]),
      code: 'truncated',
    },
    {
      does: 'boxes nested 10,000 deep in moov',
      bytes: Buffer.concat([ftyp, box('moov', nested('trak', 10_000)), box('mdat')]),
      code: 'sound',
    },
  ])('is no trouble: $does', async ({ bytes, code }) => {
    expect(await judged(judgeMp4(bytesSource(bytes)))).toBe(code);
  });

  it.each<{ table: string; payload: Buffer }>([
    { table: 'stco', payload: Buffer.concat([u32(0), u32(0xffff_ffff)]) },
    { table: 'stsz', payload: Buffer.concat([u32(0), u32(0), u32(0xffff_ffff)]) },
    { table: 'stsc', payload: Buffer.concat([u32(0), u32(0xffff_ffff)]) },
    { table: 'stco', payload: Buffer.alloc(3) },
  ])('is refused in a sample table: $table', async ({ table, payload }) => {
    const mp4 = await readFile(await clip('indexBehind'));
    const edited = replaceBox(mp4, ['moov', 'trak', 'mdia', 'minf', 'stbl', table], () => payload);
    expect(await judged(judgeMp4(bytesSource(edited)))).toBe('bad-input');
  });

  it('does not overflow where samples of 4 GB are counted by the billion', async () => {
    const mp4 = await readFile(await clip('indexBehind'));
    const stbl = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
    const sized = replaceBox(mp4, [...stbl, 'stsz'], () => Buffer.concat([u32(0), u32(0xffff_ffff), u32(0xffff_ffff)]));
    const run = () => Buffer.concat([u32(0), u32(1), u32(1), u32(0xffff_ffff), u32(1)]);
    expect(await judged(judgeMp4(bytesSource(replaceBox(sized, [...stbl, 'stsc'], run))))).toBe('truncated');
  });

  it.each<{ does: string; bytes: Buffer; code: string }>([
    {
      does: 'an element of 2^56-2 bytes',
      bytes: ebml(Buffer.from('1853806701fffffffffffffe', 'hex')),
      code: 'truncated',
    },
    {
      does: 'a child larger than its Segment',
      bytes: ebml(Buffer.concat([element('18538067', Buffer.from('1654ae6b4fff', 'hex')), Buffer.alloc(9999)])),
      code: 'bad-input',
    },
    {
      does: 'elements without size, nested',
      bytes: ebml(Buffer.from(`18538067ff${'1f43b675ff'.repeat(50_000)}`, 'hex')),
      code: 'sound',
    },
    {
      does: 'elements of no bytes',
      bytes: ebml(Buffer.from(`18538067ff${'ec80'.repeat(50_000)}`, 'hex')),
      code: 'not-video',
    },
  ])('is no trouble: $does', async ({ bytes, code }) => {
    expect(await judged(judgeMatroska(bytesSource(bytes)))).toBe(code);
  });

  it.each<{ does: string; bytes: Buffer }>([
    { does: 'a RIFF of 4 GB', bytes: Buffer.concat([text('RIFF'), u32le(0xffff_ffff), text('AVI ')]) },
    { does: 'a RIFF of nothing', bytes: Buffer.concat([text('RIFF'), u32le(0), text('AVI ')]) },
    { does: 'a list of 4 GB', bytes: chunk('RIFF', text('AVI '), text('LIST'), u32le(0xffff_ffff), text('movi')) },
  ])('is truncated: $does', async ({ bytes }) => {
    expect(await judged(judgeAvi(bytesSource(bytes)))).toBe('truncated');
  });

  it('ends an endless list of RIFFs', async () => {
    const riff = chunk('RIFF', text('AVIX'), chunk('LIST', text('movi'), u32(0)));
    expect(await judged(judgeAvi(bytesSource(Buffer.concat(Array(20_000).fill(riff)))))).toBe('sound');
  });

  it('is read in one pass where every byte could begin a pack', async () => {
    const pack = Buffer.from('000001ba210001000180000100', 'hex').subarray(0, 12);
    const bytes = Buffer.concat([...Array(80_000).fill(pack), Buffer.from('ffffffffffffffffffff', 'hex')]);
    expect(await judged(judgeProgramStream(bytesSource(bytes)))).toBe('sound');
  });

  it('gives up on a file of nothing but tiny boxes', async () => {
    const tiny = Buffer.concat(Array(512).fill(box('free')));
    await writeFile(scratch, Buffer.concat(Array(4000).fill(tiny)));
    expect(await judged(judgeStructure(scratch, signal))).toBe('over-limit');
  });
});

describe('a file with flipped bytes', () => {
  it.each<ClipName>([
    ...(['cfr', 'fragmented', 'fragmentedIndexed', 'pcm', 'matroska', 'browserWebm', 'openDml', 'ts', 'm2ts'] as const),
    ...(['ps', 'ogg', 'flv', 'asf', 'mxf', 'nut', 'ivf', 'y4m', 'h264'] as const),
  ])('is judged or refused, never a crash: %s', async (name) => {
    const bytes = await readFile(await clip(name));
    const moov = Math.max(0, bytes.indexOf('moov'));
    const place = fc.oneof(
      fc.integer({ min: 0, max: Math.min(1500, bytes.length - 1) }),
      fc.integer({ min: moov, max: Math.min(moov + 3000, bytes.length - 1) }),
      fc.integer({ min: Math.max(0, bytes.length - 300), max: bytes.length - 1 }),
    );
    const flips = fc.array(
      fc.record({ at: place, to: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const flipped = Buffer.from(bytes);
        for (const { at, to } of changes) flipped[at] = to;
        await writeFile(scratch, flipped);
        await judged(judgeStructure(scratch, signal));
      }),
      { numRuns: 60 },
    );
  });

  it('is judged or refused, never a crash: noise behind every family’s mark', async () => {
    const marks = [
      '1a45dfa3',
      '524946460000000041564920',
      '4f67675300',
      '464c5601',
      '3026b2758e66cf11',
      '060e2b34020501010d010201',
    ];
    const more = ['0000001466747970', '000001ba', '000001b3', '1f07003f', '444b49460000', '5955563444504547'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...marks, ...more), fc.uint8Array({ maxLength: 4000 }), async (mark, noise) => {
        await writeFile(scratch, Buffer.concat([Buffer.from(mark, 'hex'), noise]));
        await judged(judgeStructure(scratch, signal));
      }),
      { numRuns: 300 },
    );
  });
});

function nested(type: string, depth: number): Buffer {
  const headers = Array.from({ length: depth }, (_, i) => Buffer.concat([u32(8 * (depth - i)), text(type)]));
  return Buffer.concat(headers);
}

function ebml(segment: Buffer): Buffer {
  return Buffer.concat([
    element('1a45dfa3', element('4282', text('webm')), element('4287', u8(2)), element('ec', u16(0))),
    segment,
  ]);
}
