import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FrameIndex, KEY } from '../../../core/film/frame-index.ts';
import { contentKeys, cutSource, type KeyContext, type Segment } from '../../../core/segments/segments.ts';
import { anyFilm, anyLength, gops, indexOf, intra, type Shot, scenes } from '../../fixtures/films.ts';

const LENGTH = { shortest: 10, longest: 60 };
const INTRA: KeyContext = { spec: { crf: 25 }, independent: true, margin: 0, context: 0 };
const INTER: KeyContext = { ...INTRA, independent: false };

function segmentsOf(index: FrameIndex, context: KeyContext, length = LENGTH): readonly Segment[] {
  const cut = cutSource(index, length);
  if (!cut) throw new Error('the film cannot be cut');
  return contentKeys(index, cut, context);
}

const keysOf = (film: readonly Shot[], context: KeyContext, length = LENGTH) =>
  segmentsOf(indexOf(film), context, length).map(({ key }) => key);

describe('a cut', () => {
  it('holds every frame once, in order', () => {
    fc.assert(
      fc.property(anyFilm, anyLength, (film, length) => {
        const cut = cutSource(indexOf(film), length);
        if (!cut) return;
        expect(cut.ranges[0]?.start).toBe(0);
        expect(cut.ranges.at(-1)?.end).toBe(film.length);
        for (const [i, { start, end }] of cut.ranges.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(cut.ranges[i + 1]?.start ?? film.length).toBe(end);
        }
      }),
    );
  });

  it.each([
    { what: 'packets', from: 'packets' as const, access: 'seek' },
    { what: 'decoded frames', from: 'frames' as const, access: 'feed' },
  ])('has access by $access where the index is made from $what', ({ from, access }) => {
    expect(cutSource(indexOf(intra(scenes('a', 100)), { from }), LENGTH)?.access).toBe(access);
  });

  it('does not exist without frames', () => {
    expect(cutSource(indexOf([]), LENGTH)).toBeUndefined();
  });
});

describe('content keys', () => {
  it('are equal for the same pictures later in a file', () => {
    fc.assert(
      fc.property(anyFilm, anyLength, fc.integer({ min: 1, max: 100_000 }), (film, length, later) => {
        const moved = film.map((shot) => ({ ...shot, pts: shot.pts + later }));
        fc.pre(cutSource(indexOf(film), length) !== undefined);
        expect(keysOf(moved, INTER, length)).toEqual(keysOf(film, INTER, length));
      }),
    );
  });

  it.each([
    { what: 'the encoder', context: { ...INTRA, spec: { crf: 26 } } },
    { what: 'the pace', film: intra(scenes('a', 100), 41) },
    { what: 'the clock', timeBase: { num: 1, den: 999 } },
    { what: 'the last picture', film: intra([...scenes('a', 99), 'another']) },
    { what: 'the number of pictures', film: intra(scenes('a', 99)) },
    {
      what: 'the time of one picture',
      film: intra(scenes('a', 100)).map((s, i) => (i === 50 ? { ...s, pts: s.pts + 1 } : s)),
    },
    { what: 'the way the frames were found', from: 'frames' as const },
  ])('change with $what', ({ context = INTRA, film = intra(scenes('a', 100)), timeBase, from }) => {
    const [before] = segmentsOf(indexOf(intra(scenes('a', 100))), INTRA);
    const [after] = segmentsOf(indexOf(film, { ...(timeBase && { timeBase }), ...(from && { from }) }), context);
    expect(after?.key).not.toBe(before?.key);
  });
});

describe('a change in one packet', () => {
  const length = { shortest: 1, longest: 3 };

  /**
   * The segments that decode the packet for their own frames: from the keyframe before the segment's first keyframe to
   * the segment's last frame.
   */
  function needing(packet: number, film: readonly Shot[], segments: readonly Segment[], context: KeyContext): number[] {
    const times = film.map(({ pts }) => pts).sort((a, b) => a - b);
    return segments.flatMap(({ start, end }, i) => {
      const entry = film.findIndex(({ pts }) => pts === times[start]);
      const keysBefore = film.slice(0, entry).flatMap(({ flags }, at) => (flags === KEY ? [at] : []));
      const first = context.independent ? entry : (keysBefore.at(-1) ?? 0);
      const lastShown = times[end - 1] ?? 0;
      const last = film.findLastIndex(({ pts }) => pts <= lastShown);
      return packet >= first && packet <= last ? [i] : [];
    });
  }

  it.each([
    { what: 'closed GOPs', film: gops('closed', Array(24).fill(12)), context: INTER },
    { what: 'open GOPs', film: gops('open', Array(24).fill(12), { open: true }), context: INTER },
    { what: 'intra frames', film: intra(scenes('intra', 288)), context: INTRA },
  ])('changes the keys of the segments that need it, and no other: $what', ({ film, context }) => {
    const cut = cutSource(indexOf(film), length);
    if (!cut) throw new Error('the film cannot be cut');
    const before = contentKeys(indexOf(film), cut, context);
    expect(before.length).toBeGreaterThan(4);
    for (const packet of film.keys()) {
      const changed = film.map((shot, i) => (i === packet ? { ...shot, content: 'changed' } : shot));
      const after = contentKeys(indexOf(changed), cut, context);
      const differing = after.flatMap(({ key }, i) => (key === before[i]?.key ? [] : [i]));
      expect({ packet, differing }).toEqual({ packet, differing: needing(packet, film, before, context) });
    }
  });

  it.each([
    { who: 'a filter', looks: { margin: 2 } },
    { who: 'a network', looks: { context: 2 } },
  ])('also changes the keys of neighbours where $who looks at them', ({ looks }) => {
    const film = intra(scenes('a', 200));
    const index = indexOf(film);
    const cut = cutSource(index, length);
    if (!cut) throw new Error('the film cannot be cut');
    const context = { ...INTRA, ...looks };
    const before = contentKeys(index, cut, context);
    const border = before[1]?.start ?? 0;
    const differing = [border - 3, border - 2, border + 1, border + 2].map((packet) => {
      const changed = film.map((shot, i) => (i === packet ? { ...shot, content: 'changed' } : shot));
      return contentKeys(indexOf(changed), cut, context).flatMap(({ key }, i) => (key === before[i]?.key ? [] : [i]));
    });
    expect(differing).toEqual([[0], [0, 1], [0, 1], [1]]);
  });
});

describe('the median number of segments made again, over 20 intra-coded films of about 20 segments', () => {
  const frames = 7000; // 700 s at 10 a second

  it.each([
    {
      what: 'one segment is edited',
      edited: (film: string[], { start, end }: Segment) =>
        film.map((content, i) => (i >= start && i < end ? `${content} edited` : content)),
    },
    {
      what: '3 s are inserted near the start',
      edited: (film: string[]) => [...film.slice(0, 20), ...scenes('inserted', 30), ...film.slice(20)],
    },
  ])('is at most 2 where $what', ({ edited }) => {
    const madeAgain = Array.from({ length: 20 }, (_, seed) => {
      const film = scenes(`film ${seed}`, frames);
      const before = segmentsOf(indexOf(intra(film, 100)), INTRA);
      expect(Math.abs(before.length - 20)).toBeLessThanOrEqual(5);
      const there = new Set(before.map(({ key }) => key));
      const segment = before[(seed * 7) % before.length];
      if (!segment) throw new Error('no segment');
      return keysOf(intra(edited(film, segment), 100), INTRA).filter((key) => !there.has(key)).length;
    });
    const [low = 20, high = 20] = madeAgain.sort((a, b) => a - b).slice(9, 11);
    expect((low + high) / 2).toBeLessThanOrEqual(2);
    expect(low).toBeGreaterThan(0);
  });
});
