import { describe, expect, it } from '@jest/globals';
import { type Combing, combingOf, type Lines, UNTOLD } from '../../../core/fields/combing.ts';
import { fieldsOver, filmFields, partsWithin } from '../../../core/fields/film-fields.ts';

const WIDTH = 64;
const HEIGHT = 48;

/** A picture at a moment: noise that stands still, and before it a bright box that moves to the right. */
function pictureAt(moment: number): Lines {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isBox = y > 8 && y < 40 && x >= 4 + 2 * moment && x < 20 + 2 * moment;
      data[y * WIDTH + x] = isBox ? 220 : 40 + ((x * 7919 + y * 104_729) % 23);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** A frame of which each second line shows another moment. */
function woven(top: Lines, bottom: Lines): Lines {
  const data = Uint8Array.from(top.data);
  for (let y = 1; y < HEIGHT; y += 2) data.set(bottom.data.subarray(y * WIDTH, (y + 1) * WIDTH), y * WIDTH);
  return { ...top, data };
}

type Kind = 'progressive' | 'tff' | 'bff';

function frameOf(kind: Kind, i: number): Lines {
  const [first, second] = [pictureAt(i), pictureAt(i + 0.5)];
  if (kind === 'progressive') return first;
  return kind === 'tff' ? woven(first, second) : woven(second, first);
}

const film = (...parts: readonly (readonly [Kind, number])[]): readonly Combing[] => {
  const kinds = parts.flatMap(([kind, frames]) => Array.from({ length: frames }, () => kind));
  const frames = kinds.map((kind, i) => frameOf(kind, i % 20));
  return frames.map((frame, i) => combingOf(frame, frames[i - 1]));
};

describe('the fields of a frame', () => {
  it.each(['tff', 'bff'] as const)('show two moments, and which is the earlier: %s', (kind) => {
    const { fit, combs, first } = combingOf(frameOf(kind, 4), frameOf(kind, 3));
    expect(fit).toBeLessThan(0.2);
    expect(combs).not.toBeLessThan(0);
    expect(first).toBe(kind);
  });

  it('show one moment', () => {
    expect(combingOf(pictureAt(4), pictureAt(3)).fit).toBeGreaterThan(0.9);
  });

  it.each([
    { why: 'nothing moves', before: pictureAt(4) },
    { why: 'there is no frame before', before: undefined },
    { why: 'the frame before has another size', before: { ...pictureAt(3), width: WIDTH / 2 } },
  ])('tell nothing where $why', ({ before }) => {
    expect(combingOf(pictureAt(4), before)).toEqual(UNTOLD);
  });
});

describe('the interlaced parts of a film', () => {
  it.each<{ what: string; parts: (readonly [Kind, number])[]; found: string[] }>([
    { what: 'a film of one kind is one part', parts: [['tff', 50]], found: ['0-50 tff'] },
    { what: 'the lower field may come first', parts: [['bff', 50]], found: ['0-50 bff'] },
    { what: 'a film of single moments has none', parts: [['progressive', 50]], found: [] },
    {
      what: 'a change is found at its frame',
      parts: [
        ['tff', 40],
        ['progressive', 40],
        ['bff', 40],
      ],
      found: ['0-40 tff', '80-120 bff'],
    },
    {
      what: 'three frames of another kind do not',
      parts: [
        ['progressive', 40],
        ['tff', 3],
        ['progressive', 40],
      ],
      found: [],
    },
    { what: 'a single frame tells nothing', parts: [['tff', 1]], found: [] },
  ])('$what', ({ parts, found }) => {
    for (const isFlagged of [true, false]) {
      const fields = filmFields(film(...parts), { isFlagged });
      expect(fields.frames).toBe(parts.reduce((sum, [, frames]) => sum + frames, 0));
      expect(fields.parts.map(({ start, end, first }) => `${start}-${end} ${first}`)).toEqual(found);
    }
  });

  it('are all of a film of a few frames only where it is flagged: against its flags that is too little', () => {
    expect(filmFields(film(['tff', 6]), { isFlagged: true }).parts).toEqual([{ start: 0, end: 6, first: 'tff' }]);
    expect(filmFields(film(['tff', 6]), { isFlagged: false }).parts).toEqual([]);
  });

  const combing = (fit: number, combs = Number.NaN): Combing => ({ fit, combs, first: 'tff' });
  // as they were measured of moving test pictures in few lines
  it.each([
    {
      of: 'testsrc2 in 48 lines',
      combings: Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? combing(0.45, -1) : UNTOLD)),
    },
    { of: 'mandelbrot in 48 lines', combings: Array.from({ length: 50 }, () => combing(0.42, -0.14)) },
    { of: 'colours that hardly move', combings: [combing(0), ...Array.from({ length: 49 }, () => UNTOLD)] },
    { of: 'noise whose lines alternate', combings: Array.from({ length: 50 }, () => combing(0.7, 1)) },
  ])('are none where they fit by chance and nothing is flagged: $of', ({ combings }) => {
    expect(filmFields(combings, { isFlagged: false }).parts).toEqual([]);
  });

  const inTurn = (values: readonly Combing[], frames = 50) =>
    Array.from({ length: frames }, (_, i) => values[i % values.length] ?? UNTOLD);
  // as they were measured of films whose fields are flagged as one moment
  it.each([
    { of: 'a pan whose lines alternate', combings: inTurn([combing(0.01, 1), combing(0.06, 1), combing(0.1, 0.9)]) },
    { of: 'lines that scroll by about one a field', combings: inTurn([combing(0.36, 1), combing(0.3, 0.8)]) },
    { of: 'soft pictures of a camera', combings: inTurn([combing(0.05, -1), combing(0.11, 0.4), combing(0.16, -0.2)]) },
  ])('are found against its flags where the order of fields stays one: $of', ({ combings }) => {
    expect(filmFields(combings, { isFlagged: false }).parts).toEqual([{ start: 0, end: 50, first: 'tff' }]);
  });

  it.each([
    {
      of: 'a test picture that moves slowly',
      combings: inTurn([combing(0.09, 0.1), combing(0.13, 0), combing(0.24, 0.1)]),
    },
    {
      of: 'soft pictures whose order comes and goes',
      combings: inTurn([combing(0.1, -0.2), { ...combing(0.14, -0.2), first: 'bff' }]),
    },
  ])('are none against its flags: $of', ({ combings }) => {
    expect(filmFields(combings, { isFlagged: false }).parts).toEqual([]);
  });

  it('are those of which the pictures say so, where others say for long that they are not, unless these lie', () => {
    const [two, unclear, clear] = [inTurn([combing(0, 1)]), inTurn([combing(0.35, -0.3)]), inTurn([combing(0.01, 1)])];
    const said = [...unclear.map(() => false), ...two.map(() => true)];
    const startsOf = (combings: readonly Combing[], says: readonly boolean[]) =>
      filmFields(combings, { isFlagged: false, said: says }).parts.map(({ start, end }) => `${start}-${end}`);
    expect(startsOf([...unclear, ...two], said)).toEqual([expect.stringMatching(/^(49|50)-100$/)]);
    expect(startsOf([...unclear, ...two], [])).toEqual(['0-100']);
    expect(startsOf([...clear, ...two], said)).toEqual(['0-100']);
    const single = said.map((is, i) => is || i % 20 > 0);
    expect(startsOf([...unclear, ...two], single)).toEqual(['0-100']);
  });

  it('are all found once its flags have lied about one of them, and none of the other order', () => {
    const unclear = inTurn([combing(0.4, -1)], 30);
    const single = inTurn([combing(0.99, -1)], 30);
    const [sure, other] = [inTurn([combing(0, -1)], 20), unclear.map((each): Combing => ({ ...each, first: 'bff' }))];
    const { parts } = filmFields([...unclear, ...single, ...sure, ...single, ...other], { isFlagged: false });
    expect(parts.map(({ start, end, first }) => `${start}-${end} ${first}`)).toEqual(['0-30 tff', '59-80 tff']);
    expect(filmFields([...unclear, ...single], { isFlagged: false }).parts).toEqual([]);
  });

  it('are all of a film with telecine that is flagged, up to its last combed frame: two of five are', () => {
    const told: Combing = { fit: 0, combs: Number.NaN, first: 'tff' };
    const single = { ...told, fit: 1 };
    const telecine = Array.from({ length: 100 }, (_, i) => (i % 5 < 2 ? told : single));
    expect(filmFields(telecine, { isFlagged: true }).parts).toEqual([{ start: 0, end: 97, first: 'tff' }]);
  });

  const repeat = (repeats: 'top' | 'bottom'): Combing => ({ ...UNTOLD, repeats });
  // of five frames the third repeats a field, the fourth shows two moments, and the fifth repeats the other field
  const period: readonly Combing[] = [
    combing(0.9),
    combing(0.9),
    repeat('top'),
    combing(0, 1),
    { ...combing(0), repeats: 'bottom' },
  ];
  const telecine = (periods: number) => Array.from({ length: periods }, () => period).flat();

  it.each([true, false])('are known as telecine by its repeated fields, whatever is flagged: %s', (isFlagged) => {
    const still = Array.from({ length: 50 }, () => combing(0.9));
    const { parts } = filmFields([...still, ...telecine(10), ...still], { isFlagged });
    expect(parts).toEqual([{ start: 52, end: 100, first: 'tff', telecine: true }]);
  });

  it('are told apart where film and video alternate', () => {
    const video = Array.from({ length: 40 }, () => combing(0));
    const { parts } = filmFields([...telecine(8), ...video], { isFlagged: true });
    expect(parts.map(({ telecine: isFilm = false }) => isFilm)).toEqual([true, false]);
    expect(parts[1]).toMatchObject({ start: 40, end: 80 });
  });

  it.each([
    { of: 'a few periods that may be chance', combings: telecine(2) },
    {
      of: 'one field that repeats alone',
      combings: telecine(10).map((each) => (each.fit === 0 ? combing(0.9) : each)),
    },
    {
      of: 'video, all of whose frames show two moments',
      combings: Array.from(
        { length: 50 },
        (_, i) => ({ ...combing(0), ...(i % 5 < 2 && { repeats: i % 5 ? 'top' : 'bottom' }) }) as Combing,
      ),
    },
    {
      of: 'patterns that scroll, whose order comes and goes',
      combings: telecine(10).map((each, i): Combing => ({ ...each, first: i % 2 ? 'tff' : 'bff' })),
    },
  ])('are no telecine: $of', ({ combings }) => {
    const { parts } = filmFields(combings, { isFlagged: true });
    expect(parts.some((part) => part.telecine)).toBe(false);
  });

  it('are none of a flagged film in which the order of fields comes and goes', () => {
    const combings = Array.from(
      { length: 60 },
      (_, i): Combing => ({ ...combing(i % 3 ? 0.1 : 0.9), first: i % 2 ? 'tff' : 'bff' }),
    );
    expect(filmFields(combings, { isFlagged: true }).parts).toEqual([]);
  });

  it('must be clear on average in fewer lines than any interlaced format has', () => {
    const combings = Array.from({ length: 48 }, (_, i) => combing([0, 0.2, 0.7][i % 3] ?? 0, -1));
    expect(filmFields(combings, { isFlagged: true, lines: 120 }).parts).toHaveLength(1);
    expect(
      filmFields(
        combings.map((each, i) => (i % 3 ? combing(0.8) : each)),
        { isFlagged: true, lines: 64 },
      ).parts,
    ).toEqual([]);
  });

  it('are no more than a filter can be told', () => {
    const combings = Array.from({ length: 9000 }, (_, i) => ({
      fit: i % 40 < 20 ? 0 : 1,
      combs: Number.NaN,
      first: 'tff' as const,
    }));
    expect(filmFields(combings, { isFlagged: false }).parts).toHaveLength(1);
  });

  it('are everything where the frames were counted in another way', () => {
    const fields = filmFields(film(['progressive', 40], ['tff', 40]), { isFlagged: true });
    expect(fieldsOver(fields, 80)).toEqual(fields.parts);
    expect(fieldsOver(fields, 79)).toEqual([{ start: 0, end: 79, first: 'tff' }]);
  });

  it('are counted from the beginning of a stretch', () => {
    const parts = [
      { start: 10, end: 20, first: 'tff' as const },
      { start: 50, end: 60, first: 'bff' as const },
    ];
    expect(partsWithin(parts, { start: 15, end: 55 })).toEqual([
      { start: 0, end: 5, first: 'tff' },
      { start: 35, end: 40, first: 'bff' },
    ]);
  });
});
