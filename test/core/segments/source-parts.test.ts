import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesIn } from '../../../core/bytes/byte-ranges.ts';
import { evenShareOf } from '../../../core/dispatch/fan-out.ts';
import { FIRST_PACKETS } from '../../../core/film/file-map.ts';
import { HASH_BYTES, hashesOf, KEY } from '../../../core/film/frame-index.ts';
import { keyframeNumbers } from '../../../core/segments/borders.ts';
import { decodeStart } from '../../../core/segments/reach.ts';
import { contentKeys, cutSource, segmentPackets } from '../../../core/segments/segments.ts';
import {
  areThePackets,
  fromSoughtKeyframe,
  type MappedFilm,
  packetsRead,
  partsBesidePicture,
  sourceParts,
  voidsBetween,
} from '../../../core/segments/source-parts.ts';
import { anyFilm, anyLength, gops, indexOf, type Shot } from '../../fixtures/films.ts';

const INTER = { independent: false, margin: 0, context: 0 };
const HEADER = 1000;
const PACKET = 500;
/** Sound lies between the pictures. */
const BETWEEN = 100;

/** A file with a header, the packets in the order of decoding with something in between, and an index at its end. */
function mapped(shots: readonly Shot[], reading: 'packets' | 'clusters' = 'packets'): MappedFilm {
  const index = indexOf(shots);
  const positions = Float64Array.from(shots, (_, i) => HEADER + i * (PACKET + BETWEEN));
  const media = HEADER + shots.length * (PACKET + BETWEEN);
  const bytes = media + 3000;
  return {
    bytes,
    index,
    map: {
      reading,
      index: [
        { start: 0, end: HEADER },
        { start: media, end: bytes },
      ],
      openingPackets: 3,
      clusters: reading === 'clusters' ? positions.filter((_, i) => i % 7 === 0) : new Float64Array(),
      description: '',
    },
    places: {
      positions,
      sizes: positions.map(() => PACKET),
      first: [...positions].slice(0, FIRST_PACKETS).map((start) => ({ start, end: start + PACKET })),
      ofEach: [],
    },
  };
}

function needsIn(film: MappedFilm, length: Parameters<typeof cutSource>[1]) {
  const cut = cutSource(film.index, length);
  if (!cut) return [];
  const { num, den } = film.index.timeBase;
  const timeline = {
    times: cut.times,
    tickSeconds: num / den,
    fileStartSeconds: 0,
    keyframes: keyframeNumbers(film.index),
  };
  const packets = segmentPackets(film.index, cut, INTER);
  return cut.ranges.map((range, i) => ({
    ...range,
    packets: packets[i] ?? { first: 0, end: 0 },
    seekSeconds: decodeStart(range.start, timeline).seekSeconds,
  }));
}

const whole = ({ bytes }: MappedFilm) => [{ start: 0, end: bytes }];

describe('what frames in the middle of a GOP are decoded from', () => {
  it('begins with the keyframe that is sought, and has the packets behind it that the pieces are made of', () => {
    fc.assert(
      fc.property(anyFilm, anyLength, fc.nat(), (shots, length, number) => {
        const film = mapped(shots);
        const cut = cutSource(film.index, length);
        if (!cut) return;
        const { num, den } = film.index.timeBase;
        const frame = number % cut.times.length;
        const keyframes = keyframeNumbers(film.index);
        const { seekSeconds } = decodeStart(frame, {
          times: cut.times,
          tickSeconds: num / den,
          fileStartSeconds: 0,
          keyframes,
        });
        const ranges = [{ start: frame, end: frame + 1 }];
        const packets = segmentPackets(film.index, { ...cut, ranges }, INTER)[0] ?? { first: 0, end: 0 };
        const need = fromSoughtKeyframe({ packets, seekSeconds }, film);
        const before = keyframes.filter((keyframe) => keyframe < frame).at(-1);
        const keyframe = before === undefined ? 0 : film.index.pts.indexOf(cut.times[before] ?? 0);
        expect(need).toEqual({ packets: { first: keyframe, end: packets.end }, seekSeconds });
      }),
    );
  });
});

describe('the parts of a source for a segment', () => {
  it.each(['packets', 'clusters'] as const)(
    'have the index and all input packets, from a keyframe on, where ffmpeg reads %s',
    (reading) => {
      fc.assert(
        fc.property(anyFilm, anyLength, fc.constantFrom(0, 1), fc.integer({ min: 0, max: 2000 }), (...given) => {
          const [shots, length, wider, gap] = given;
          const film = mapped(shots, reading);
          for (const need of needsIn(film, length)) {
            const read = packetsRead(need, film, wider === 0 ? 0 : 1);
            expect(read.first).toBeLessThanOrEqual(need.packets.first);
            expect(read.end).toBeGreaterThanOrEqual(need.packets.end);
            expect(read.first === 0 || ((film.index.flags[read.first] ?? 0) & KEY) !== 0).toBe(true);
            const parts = sourceParts(film, [read], gap);
            const isThere = (start: number, end: number) =>
              parts.some((part) => part.start <= start && end <= part.end);
            const packets = film.places.positions.slice(read.first, read.end);
            expect(packets.filter((start) => !isThere(start, start + PACKET))).toHaveLength(0);
            expect(film.map.index.filter(({ start, end }) => !isThere(start, end))).toEqual([]);
            expect(parts.every(({ start, end }, i) => start >= (parts[i - 1]?.end ?? 0) && end > start)).toBe(true);
            expect(parts.at(-1)?.end).toBeLessThanOrEqual(film.bytes);
          }
        }),
        { numRuns: 30 },
      );
    },
  );

  it('reach behind the last packet of Matroska, whose place is that of its block and not of its data', () => {
    const film = mapped(gops('a', Array(40).fill(25)), 'clusters');
    const [, , need] = needsIn(film, { shortest: 5, longest: 5 });
    if (!need) throw new Error('the film has no third segment');
    const read = packetsRead(need, film, 0);
    const last = (film.places.positions[read.end - 1] ?? 0) + PACKET;
    expect(sourceParts(film, [read], 0).some(({ start, end }) => start < last && end > last + 8)).toBe(true);
  });

  it('begin with the cluster that holds the first packet, so that its demuxer finds the times', () => {
    const film = mapped(gops('a', Array(40).fill(25)), 'clusters');
    const [, , need] = needsIn(film, { shortest: 5, longest: 5 });
    if (!need) throw new Error('the film has no third segment');
    const parts = sourceParts(film, [packetsRead(need, film, 0)], 0);
    expect(parts.map(({ start }) => start).filter((start) => film.map.clusters.includes(start))).not.toEqual([]);
  });

  it.each([
    { what: 'a packet has no place', change: (film: MappedFilm) => void film.places.positions.fill(Number.NaN, 400) },
    {
      what: 'the file is opened by more packets than are known',
      change: (film: MappedFilm) => void Object.assign(film.map, { openingPackets: FIRST_PACKETS + 1 }),
    },
    {
      what: 'a block lies before the first cluster',
      change: (film: MappedFilm) => void Object.assign(film.map, { reading: 'clusters' }),
    },
  ])('are the whole where $what', ({ change }) => {
    const film = mapped(gops('a', Array(40).fill(25)));
    const need = needsIn(film, { shortest: 5, longest: 5 })[5];
    if (!need) throw new Error('the film has no sixth segment');
    const parts = () => sourceParts(film, [packetsRead(need, film, 0)], 0);
    expect(bytesIn(parts())).toBeLessThan(film.bytes / 2);
    change(film);
    expect(parts()).toEqual(whole(film));
  });

  it.each([60, 123, 200])('are of %d tasks together at most 1.1 times the source and each its index', (tasks) => {
    const film = mapped(gops('a', Array(2 * 3600).fill(25)));
    const needs = needsIn(film, { shortest: 10, longest: 60 });
    const frames = ({ start, end }: { readonly start: number; readonly end: number }) => end - start;
    let fetched = 0;
    for (let index = 0; index < tasks; index++) {
      const mine = evenShareOf(needs, frames, { index, of: tasks });
      fetched += bytesIn(
        sourceParts(
          film,
          mine.map((need) => packetsRead(need, film, 0)),
          BETWEEN,
        ),
      );
    }
    const opening = 11 * (PACKET + BETWEEN);
    expect(fetched).toBeLessThan(1.1 * film.bytes + tasks * (bytesIn(film.map.index) + opening));
  });
});

describe('packets that were read', () => {
  const film = mapped(gops('a', Array(20).fill(25)));
  const need = needsIn(film, { shortest: 4, longest: 4 })[2];
  if (!need) throw new Error('the film has no third segment');
  const read = packetsRead(need, film, 1);
  const between = (first: number, end: number) => hashesOf(film.index, first, end).slice();
  const changed = (packet: number) => {
    const found = between(read.first, read.end);
    found.fill(0, (packet - read.first) * HASH_BYTES, (packet - read.first + 1) * HASH_BYTES);
    return found;
  };

  it.each([
    { what: 'all of them', found: between(read.first, read.end), expected: true },
    { what: 'those from the entry on', found: between(need.packets.first, read.end), expected: true },
    { what: 'others behind them as well', found: between(read.first, read.end + 30), expected: true },
    { what: 'one that begins behind the entry', found: between(need.packets.first + 1, read.end), expected: false },
    { what: 'one less at the end', found: between(read.first, read.end - 1), expected: false },
    { what: 'one that is another', found: changed(need.packets.first + 5), expected: false },
    { what: 'the last one being another', found: changed(read.end - 1), expected: false },
    { what: 'none', found: new Uint8Array(), expected: false },
  ])('are those of the film: $what, $expected', ({ found, expected }) => {
    expect(areThePackets(found, read, need.packets, film.index)).toBe(expected);
  });
});

describe('the input packets of a segment', () => {
  it('are those that its content key is made of', () => {
    const shots = gops('a', Array(20).fill(25));
    const index = indexOf(shots);
    const cut = cutSource(index, { shortest: 4, longest: 4 });
    if (!cut) throw new Error('the film cannot be cut');
    const keys = (all: typeof index) => contentKeys(all, cut, { ...INTER, spec: {} }).map(({ key }) => key);
    const before = keys(index);
    const [, , packets] = segmentPackets(index, cut, INTER);
    if (!packets) throw new Error('the film has no third segment');
    const changes = Array.from({ length: index.count }, (_, packet) => {
      const others = hashesOf(index, 0, index.count).slice();
      others.fill(0, packet * HASH_BYTES, (packet + 1) * HASH_BYTES);
      return keys({ ...index, hashes: others })[2] !== before[2];
    });
    expect(changes.indexOf(true)).toBe(packets.first);
    expect(changes.lastIndexOf(true)).toBe(packets.end - 1);
  });
});

describe('the parts of a file beside its picture', () => {
  const LARGE = 100_000;
  const SOUND = 700;

  /** A film of 200 large pictures with sound behind each. */
  function large(reading: 'packets' | 'clusters'): MappedFilm {
    const film = mapped(
      gops(
        'film',
        Array.from({ length: 20 }, () => 10),
      ),
      reading,
    );
    const positions = Float64Array.from({ length: 200 }, (_, i) => HEADER + i * (LARGE + SOUND));
    const media = HEADER + 200 * (LARGE + SOUND);
    return {
      ...{ ...film, bytes: media + 3000 },
      map: {
        ...film.map,
        index: [
          { start: 0, end: HEADER },
          { start: media, end: media + 3000 },
        ],
        clusters: positions,
      },
      places: { ...film.places, positions, sizes: positions.map(() => LARGE), first: [] },
    };
  }

  it.each(['packets', 'clusters'] as const)(
    'are all but the pictures, and of them those that are wanted (%s)',
    (reading) => {
      const film = large(reading);
      const parts = partsBesidePicture(film, [{ first: 50, end: 60 }]);
      const isThere = (start: number, end: number) => parts.some((part) => part.start <= start && part.end >= end);
      for (const [i, at] of film.places.positions.entries()) {
        expect(isThere(at + LARGE, at + LARGE + SOUND)).toBe(true);
        expect(isThere(at, at + LARGE)).toBe(i >= 50 && i < 60);
        if (reading === 'clusters') expect(isThere(at, at + 32)).toBe(true); // the head of the block
      }
      expect(bytesIn(parts)).toBeLessThan(0.1 * film.bytes);
    },
  );

  it('are the whole where pictures are small, or their places are not known', () => {
    const small = mapped(
      gops(
        'film',
        Array.from({ length: 20 }, () => 10),
      ),
    );
    expect(partsBesidePicture(small, [])).toEqual(whole(small));
    const film = large('packets');
    film.places.positions[7] = Number.NaN;
    expect(partsBesidePicture(film, [])).toEqual(whole(film));
  });
});

describe('the voids of a file without Cues', () => {
  it('stand at the beginning of each part that was not fetched, and are as long as it', () => {
    const film = mapped(gops('film', [10, 10]));
    const stepped = { ...film, map: { ...film.map, reading: 'steppedClusters' as const } };
    const voids = voidsBetween(stepped, [
      { start: 0, end: 1000 },
      { start: 1300, end: film.bytes },
    ]);
    expect(voids.map(({ start, end }) => [start, end])).toEqual([[1000, 1009]]);
    expect(Buffer.from(voids[0]?.instead ?? []).toString('hex')).toBe('ec0100000000000123'); // 291 bytes behind a head of nine
    expect(voidsBetween(film, [])).toEqual([]);
  });
});
