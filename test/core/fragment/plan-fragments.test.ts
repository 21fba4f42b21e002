import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { boxByPath, boxesOf } from '../../../core/bytes/boxes.ts';
import { type FragmentPlan, planFragments } from '../../../core/fragment/plan-fragments.ts';
import { box, text, u16, u32 } from '../../fixtures/craft.ts';
import { type CraftedTrack, movieBox } from '../../fixtures/movie-box.ts';
import { progressive } from '../../fixtures/progressive.ts';
import { piecesTogether, plannedOf, planOf } from '../../support/fragmented.ts';

const named = (file: string) => progressive(file).then((path) => readFile(path));
const planned = (tracks: readonly CraftedTrack[], fileBytes = 1e6, how = {}) =>
  planFragments(movieBox(tracks, how), { fileBytes, tracks: [] });
const plan = (tracks: readonly CraftedTrack[], fileBytes = 1e6): FragmentPlan => {
  const made = planned(tracks, fileBytes);
  if ('reason' in made) throw new Error(made.reason);
  return made.plan;
};
const reason = (moov: Buffer, fileBytes = 1e6) => {
  const made = planFragments(moov, { fileBytes, tracks: [] });
  return 'reason' in made ? made.reason : 'planned';
};

describe('the pieces of any ranges', () => {
  it.each(['b.mp4', 'scattered.mp4', 'sound.m4a'])('put together are the whole: %s', async (file) => {
    const source = await named(file);
    const whole = piecesTogether(source, planOf(source));
    const again = planOf(source);
    await fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const parts = borders.slice(1).map((end, i) => piecesTogether(source, again, borders[i] ?? 0, end));
        expect(Buffer.concat(parts).equals(whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(4000), (start, length) => {
        const end = Math.min(whole.length, start + length);
        expect(piecesTogether(source, again, start, end).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a fragmented file', () => {
  let source: Buffer;
  let whole: Buffer;
  let fragments: ReturnType<typeof fragmentsOf>;
  beforeAll(async () => {
    source = await named('b.mp4');
    whole = piecesTogether(source, planOf(source));
    fragments = fragmentsOf(whole);
  });

  it('has its header and an index of each track in front, and then fragments of one track each', () => {
    const types = boxesOf(whole, 0, whole.length).map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['ftyp', 'moov', 'sidx', 'sidx']);
    expect(types.slice(4)).toEqual(fragments.flatMap(() => ['moof', 'mdat']));
    expect(fragments.map(({ sequence }) => sequence)).toEqual(fragments.map((_, i) => i + 1));
  });

  it('has about half a second in each, sound and picture in turns', () => {
    const turns = fragments.map(({ track }) => track);
    expect(turns).toEqual([2, 1, 2, 1, 2, 1, 2, 1]);
  });

  it('says of no fragment of a file of several tracks that it is CMAF, and of a single track that it is', async () => {
    const alone = await named('sound.m4a');
    expect([whole, piecesTogether(alone, planOf(alone))].map((bytes) => bytes.includes('cmfc'))).toEqual([false, true]);
  });

  it('has indexes whose references are contiguous, begin with a fragment of the track and end with the file', () => {
    for (const index of boxesOf(whole, 0, whole.length).filter(({ type }) => type === 'sidx')) {
      const track = whole.readUInt32BE(index.body + 4);
      let at = index.end + Number(whole.readBigUInt64BE(index.body + 20));
      const count = whole.readUInt16BE(index.body + 30);
      for (let i = 0; i < count; i += 1) {
        expect(fragments.find(({ start }) => start === at)).toMatchObject({ track });
        at += whole.readUInt32BE(index.body + 32 + 12 * i) & 0x7fff_ffff;
      }
      expect(at).toBe(whole.length);
      // a keyframe a second; where the picture has none, half a second of sound is a reference
      expect(count).toBe(track === 1 ? 2 : 4);
    }
  });

  it('keeps the groups of samples, each fragment those of its own samples', async () => {
    const grouped = await named('rap.mp4');
    const boxes = fragmentsOf(piecesTogether(grouped, planOf(grouped))).filter(({ track }) => track === 1);
    expect(boxes.map(({ groups }) => groups)).toEqual([['rap '], [], ['rap '], []]);
  });

  it('names the sample description of each fragment, and has no fragment of two', async () => {
    const two = await named('descriptions.mp4');
    const descriptions = fragmentsOf(piecesTogether(two, planOf(two)))
      .filter(({ track }) => track === 1)
      .map(({ description }) => description);
    expect(new Set(descriptions)).toEqual(new Set([1, 2]));
    expect(descriptions).toEqual(descriptions.toSorted((a, b) => a - b));
  });
});

it('a long film has the memory of its fragments, not of its samples, and positions beyond 4 GB', () => {
  const samples = 24 * 3600 * 60;
  const stss = Array.from({ length: samples / 120 }, (_, i) => 1 + 120 * i);
  const long = plan([{ samples, sizes: 2000, stts: [[samples, 1000]], timescale: 60_000, stss }], samples * 2000 + 100);
  expect(long.seconds).toBe(24 * 3600);
  expect(long.bytes).toBeGreaterThan(2 ** 33);
  expect(long.memoryBytes).toBeLessThan(16 * 2 ** 20);
  expect(long.indexBytes).toBeLessThan(160_000);
  const last = [...long.piecesOf(long.bytes - 2000, long.bytes)];
  expect(last).toEqual([{ start: samples * 2000 - 1900, end: samples * 2000 + 100 }]);
});

it('keeps the first enabled picture and sound, or the tracks that are asked for, and tells of the others', async () => {
  const source = await named('two.mp4');
  expect(planOf(source).leftOut).toEqual([{ id: 3, handler: 'soun', why: 'is not enabled' }]);
  expect(planOf(source, [3]).leftOut.map(({ id }) => id)).toEqual([1, 2]);
  expect(planOf(source, [1, 2, 3]).leftOut).toEqual([]);
  expect(plannedOf(source, [9])).toEqual({ reason: 'it has no track 9' });
  const enabled = plan([{}, { id: 2, handler: 'soun' }, { id: 3, handler: 'soun' }, { id: 4, handler: 'text' }]);
  expect(enabled.leftOut).toEqual([
    { id: 3, handler: 'soun', why: 'comes after track 2' },
    { id: 4, handler: 'text', why: 'is no picture and no sound' },
  ]);
});

describe('a file that cannot be fragmented', () => {
  const sync = { samples: 10, stss: [1, 6] };
  const encrypted = box('sgpd', u32(0x0100_0000), text('seig'), u32(20), u32(1), Buffer.alloc(20));
  const elsewhere = box('dref', u32(0), u32(1), box('url ', u32(0), text('file:///else.mp4\0')));
  const quicktime = box(
    'stsd',
    u32(0),
    u32(1),
    box('sowt', Buffer.alloc(6), u16(1), Buffer.alloc(8), u16(2), u16(16), Buffer.alloc(8)),
  );

  it.each<{ what: string; moov: Buffer; says: string; fileBytes?: number }>([
    { what: 'has a clock that stands still', moov: movieBox([{}], { timescale: 0 }), says: '0 ticks a second' },
    { what: 'has a track whose clock stands still', moov: movieBox([{ timescale: 0 }]), says: '0 ticks a second' },
    {
      what: 'has no samples',
      moov: movieBox([{ samples: 0, stts: [] }]),
      says: 'no picture and no sound with samples',
    },
    { what: 'has no tracks', moov: movieBox([]), says: 'no picture and no sound with samples' },
    { what: 'has text alone', moov: movieBox([{ handler: 'text' }]), says: 'no picture and no sound with samples' },
    { what: 'is encrypted', moov: movieBox([{ entry: 'encv' }]), says: 'encrypted (encv)' },
    { what: 'is encrypted by a group', moov: movieBox([{ more: [encrypted] }]), says: 'encrypted (seig' },
    { what: 'refers to another file', moov: movieBox([{ dref: elsewhere }]), says: 'in another file' },
    {
      what: 'counts raw sound in samples',
      moov: movieBox([{ handler: 'soun', sizes: 1, more: [quicktime] }]),
      says: 'old QuickTime',
    },
    { what: 'names one track twice', moov: movieBox([{}, {}]), says: 'one number' },
    {
      what: 'announces sizes that it does not have',
      moov: movieBox([{ more: [box('stsz', u32(0), u32(0), u32(1 << 20))] }]),
      says: 'announces 1048576',
    },
    {
      what: 'announces 2^32 samples',
      moov: movieBox([{ samples: 2 ** 32 - 1, stts: [[1, 1]], stsc: [[1, 1, 1]] }]),
      says: 'at most 20000000',
    },
    {
      what: 'announces 2^32 durations',
      moov: movieBox([{ more: [box('stts', u32(0), u32(2 ** 32 - 1), u32(10), u32(1))] }]),
      says: 'room for 1',
    },
    { what: 'has too few durations', moov: movieBox([{ stts: [[9, 40]] }]), says: 'stts) ends before' },
    { what: 'has too few shifts', moov: movieBox([{ ctts: [[9, 40]] }]), says: 'ctts) ends before' },
    { what: 'has too few chunks', moov: movieBox([{ stsc: [[1, 3, 1]] }]), says: 'stco) ends before' },
    { what: 'has chunks without samples', moov: movieBox([{ stsc: [[1, 0, 1]] }]), says: 'a chunk without samples' },
    { what: 'has no first chunk', moov: movieBox([{ stsc: [[2, 10, 1]] }]), says: 'first chunk' },
    { what: 'points beyond its end', moov: movieBox([{ offsets: [999_000] }]), says: 'reaches to byte 1001000' },
    { what: 'points beyond 2^53', moov: movieBox([{ offsets: [2 ** 60] }]), says: 'which no real file does' },
    {
      what: 'lets many samples have the same bytes',
      moov: movieBox([{ sizes: 900, stsc: [[1, 1, 1]], offsets: Array(10).fill(50) }]),
      fileBytes: 2000,
      says: 'more bytes than the file has',
    },
    {
      what: 'lasts for longer than any film',
      moov: movieBox([{ samples: 2_000_000, sizes: 1, stts: [[2_000_000, 2 ** 32 - 1]] }]),
      fileBytes: 1e7,
      says: 'longer than any film',
    },
    { what: 'has no keyframe', moov: movieBox([{ stss: [] }]), says: 'no sample at which decoding can begin' },
    {
      what: 'has an edit list that begins between two keyframes',
      moov: movieBox([{ ...sync, elst: [[200, 100, 65536]] }]),
      says: 'between two keyframes',
    },
    {
      what: 'has an edit list of two stretches',
      moov: movieBox([
        {
          ...sync,
          elst: [
            [100, 0, 65536],
            [100, 200, 65536],
          ],
        },
      ]),
      says: 'several stretches',
    },
    {
      what: 'has an edit list with a gap',
      moov: movieBox([
        {
          ...sync,
          elst: [
            [100, 0, 65536],
            [100, -1, 65536],
            [100, 100, 65536],
          ],
        },
      ]),
      says: 'a gap in the middle',
    },
    {
      what: 'has an edit list that stands still',
      moov: movieBox([{ ...sync, elst: [[100, 0, 0]] }]),
      says: 'changes the speed',
    },
    { what: 'has an index that is compressed', moov: movieBox([{}], { more: [box('cmov')] }), says: 'compressed' },
    {
      what: 'has a box that is larger than its movie',
      moov: Buffer.concat([movieBox([{}]).subarray(0, -4), u32(0)]),
      says: 'planned',
    },
  ])('says so where it $what', ({ moov, fileBytes, says }) => {
    expect(reason(moov, fileBytes)).toContain(says);
  });

  it('is never a bug, however its movie box is damaged', async () => {
    const source = await named('b.mp4');
    const found = boxesOf(source, 0, source.length).find(({ type }) => type === 'moov');
    const moov = source.subarray(found?.start, found?.end);
    await fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(moov.length - 5), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255))), {
          minLength: 1,
          maxLength: 6,
        }),
        (changes) => {
          const damaged = Buffer.from(moov);
          for (const [at, value] of changes) damaged[at] = value;
          const made = planFragments(damaged, { fileBytes: source.length, tracks: [] });
          if ('reason' in made) return made.reason.length > 10;
          const { plan: whole } = made;
          return piecesTogether(source, whole).length === whole.bytes;
        },
      ),
      // found before: the highest bit of a track's flags, and a version that would need a longer box
      { numRuns: 400, examples: [[[[132, 128]]], [[[1681, 1]]]] },
    );
  });
});

function fragmentsOf(whole: Buffer) {
  return boxesOf(whole, 0, whole.length)
    .filter(({ type }) => type === 'moof')
    .map((moof) => {
      const traf = boxByPath(whole, moof, 'traf');
      const tfhd = boxByPath(whole, moof, 'traf', 'tfhd');
      const groups = traf ? boxesOf(whole, traf.body, traf.end).filter(({ type }) => type === 'sbgp') : [];
      const hasDescription = tfhd && whole.readUInt32BE(tfhd.body) & 2;
      return {
        start: moof.start,
        sequence: whole.readUInt32BE((boxByPath(whole, moof, 'mfhd')?.body ?? 0) + 4),
        track: tfhd ? whole.readUInt32BE(tfhd.body + 4) : 0,
        description: tfhd && hasDescription ? whole.readUInt32BE(tfhd.body + 8) : 1,
        groups: groups.map(({ body }) => whole.toString('latin1', body + 4, body + 8)),
      };
    });
}
