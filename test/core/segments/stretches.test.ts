import { describe, expect, it } from '@jest/globals';
import { bytesIn } from '../../../core/bytes/byte-ranges.ts';
import { shareOf } from '../../../core/dispatch/fan-out.ts';
import { type FrameIndex, HASH_BYTES, KEY } from '../../../core/film/frame-index.ts';
import type { MappedFilm } from '../../../core/segments/source-parts.ts';
import { firstFrameOf, isSoundStretch, stretchesOfFrames, stretchOf } from '../../../core/segments/stretches.ts';

const HEADER = 1000;
const PACKET = 400;

/** Frames of which each has the hash of its number in `hashes`, or of its own. */
function indexOf(count: number, { first = 0, hash = (frame: number) => frame } = {}): FrameIndex {
  const hashes = new Uint8Array(count * HASH_BYTES);
  for (let i = 0; i < count; i++) new DataView(hashes.buffer).setUint32(i * HASH_BYTES, hash(first + i));
  const pts = Float64Array.from({ length: count }, (_, i) => i * 3600);
  const flags = new Uint8Array(count).fill(KEY);
  return { from: 'frames', timeBase: { num: 1, den: 90_000 }, count, pts, flags, hashes };
}

/** A file of `frames` pictures with a keyframe every `gop`; each picture has `packetsEach` packets. */
function filmOf(frames: number, gop: number, packetsEach = 1): MappedFilm {
  const count = frames * packetsEach;
  const bytes = HEADER + count * PACKET;
  const positions = Float64Array.from({ length: count }, (_, i) => HEADER + i * PACKET);
  const packets = {
    count,
    flags: Uint8Array.from({ length: count }, (_, i) => (i % (gop * packetsEach) === 0 ? KEY : 0)),
  };
  const places = { positions, sizes: positions.map(() => PACKET), first: [], ofEach: [] };
  return {
    ...{ bytes, index: indexOf(frames) },
    map: {
      ...{ reading: 'stretches', index: [{ start: 0, end: HEADER }], openingPackets: 0 },
      ...{ clusters: new Float64Array(), description: '' },
    },
    places: { ...places, ...stretchesOfFrames({ bytes, packets, places, frames, headBytes: 0 }) },
  };
}

describe('a stretch of a film that can only be read from its start', () => {
  it.each([
    { what: 'a packet for each frame', packetsEach: 1 },
    { what: 'a packet for each field', packetsEach: 2 },
  ])('begins two keyframes before its frames and ends behind them, with $what', ({ packetsEach }) => {
    const [header, stretch] = stretchOf(filmOf(1000, 12, packetsEach), { start: 500, end: 600 });
    expect(header).toEqual({ start: 0, end: HEADER });
    const frameAt = (byte: number) => (byte - HEADER) / PACKET / packetsEach;
    expect(frameAt(stretch?.start ?? 0)).toBe(468); // 480 is the last keyframe 16 frames before
    expect(frameAt(stretch?.end ?? 0)).toBe(599 + 32);
  });

  it('begins with the file near its start, and ends with it near its end', () => {
    const film = filmOf(100, 12);
    expect(stretchOf(film, { start: 0, end: 100 })).toEqual([{ start: 0, end: film.bytes }]);
  });

  it('has JUNK in its header in place of an index of the whole file', () => {
    const film = filmOf(1000, 12);
    const parts = stretchOf(
      { ...film, map: { ...film.map, junk: [{ start: 100, end: 104 }] } },
      { start: 500, end: 501 },
    );
    expect(parts.map(({ start, end }) => [start, end]).slice(0, 3)).toEqual([
      [0, 100],
      [100, 104],
      [104, HEADER],
    ]);
    expect(parts.map(({ instead }) => instead && Buffer.from(instead).toString())[1]).toBe('JUNK');
  });

  it.each([60, 123, 200])(
    'makes %i tasks fetch at most 1.1 times two hours with two keyframes a second, and a header each',
    (of) => {
      const film = filmOf(7200 * 25, 12);
      const segments = Array.from({ length: 720 }, (_, i) => ({ start: i * 250, end: (i + 1) * 250 }));
      let fetched = 0;
      for (let index = 0; index < of; index++) {
        const mine = shareOf(segments, { index, of });
        const frames = { start: mine[0]?.start ?? 0, end: mine.at(-1)?.end ?? 0 };
        fetched += bytesIn(stretchOf(film, frames));
      }
      expect(fetched).toBeLessThanOrEqual(1.1 * film.bytes + of * HEADER);
    },
  );
});

describe('the first frame of a stretch', () => {
  const film = indexOf(1000);
  const wanted = { start: 500, end: 600 };

  it('is found by the hashes and times of the wanted frames', () => {
    expect(firstFrameOf(indexOf(200, { first: 480 }), film, wanted)).toBe(480);
  });

  it.each([
    { what: 'a wanted frame is another one', found: indexOf(200, { first: 480, hash: (i) => (i === 599 ? 0 : i) }) },
    { what: 'a wanted frame is missing', found: indexOf(110, { first: 480 }) },
    {
      what: 'a wanted frame comes later',
      found: {
        ...indexOf(200, { first: 480 }),
        pts: Float64Array.from({ length: 200 }, (_, i) => i * 3600 + (i > 100 ? 1 : 0)),
      },
    },
    { what: 'its clock is another', found: { ...indexOf(200, { first: 480 }), timeBase: { num: 1, den: 1000 } } },
  ])('is unknown where $what', ({ found }) => {
    expect(firstFrameOf(found, film, wanted)).toBeUndefined();
  });

  it('is unknown at the end of the film where another frame follows', () => {
    const last = { start: 900, end: 1000 };
    expect(firstFrameOf(indexOf(120, { first: 880 }), film, last)).toBe(880);
    expect(firstFrameOf(indexOf(121, { first: 880 }), film, last)).toBeUndefined();
  });

  it('is any that fits where all pictures are the same', () => {
    const black = { hash: () => 7 };
    expect(firstFrameOf(indexOf(200, black), indexOf(1000, black), wanted)).toBe(500);
  });
});

it.each([
  { errorsAt: [], isSound: true },
  { errorsAt: [400, 700], isSound: true },
  { errorsAt: [450], isSound: false },
  { errorsAt: [550], isSound: false },
  { errorsAt: [650], isSound: false },
])('a stretch is sound if no error was near it: $errorsAt', ({ errorsAt, isSound }) => {
  expect(isSoundStretch({ start: 500, end: 600 }, errorsAt)).toBe(isSound);
});
