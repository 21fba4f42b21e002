import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diskFor, disksFrom, refusedForDisk, STACK_DISKS } from '../../../core/dispatch/disks.ts';
import { bytesFrom, type JobBytes, peakBytes, UNDIVIDED } from '../../../core/dispatch/peak-disk.ts';
import { MACHINE_SIZE, routeOf } from '../../../core/dispatch/route.ts';
import { refusedForSize } from '../../../core/dispatch/size-refusal.ts';
import { refusedForSteps, stepDisks } from '../../../core/dispatch/step-disks.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { needsOf } from '../../../core/recipes/needs-of.ts';
import { resultBits } from '../../../core/recipes/result-bits.ts';
import { resolveSettings } from '../../../core/settings/settings.ts';

const GIB = 2 ** 30;
const ask = { disks: STACK_DISKS, larger: 0 };
const gibFor = (gib: number, larger = 0) => diskFor(gib * GIB, 'cpu', { ...ask, larger }).gib;

describe('the disk of a container', () => {
  it.each([
    { bytes: 0, gib: 21 },
    { bytes: 17.2, gib: 21 }, // 1.1 times as much, and 2 GiB
    { bytes: 17.3, gib: 50 },
    { bytes: 43.6, gib: 50 },
    { bytes: 43.7, gib: 100 },
    { bytes: 89, gib: 100 },
    { bytes: 90, gib: 200 },
    { bytes: 179, gib: 200 },
    { bytes: 181, gib: 500 },
    { bytes: 452, gib: 500 },
    { bytes: 453, gib: 2048 },
    { bytes: 9999, gib: 2048 },
  ])('is the smallest that holds $bytes GiB with a tenth and 2 GiB more: $gib', ({ bytes, gib }) => {
    expect(gibFor(bytes)).toBe(gib);
  });

  it('is one class larger after a disk was full, up to the largest', () => {
    expect([1, 20, 50, 100, 200, 500].map((gib) => gibFor(gib, 1))).toEqual([50, 100, 200, 500, 2048, 2048]);
  });

  it('is never smaller for more bytes, and holds what it is for, or nothing is large enough', () => {
    const amount = fc.double({ min: 0, max: 4000, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (one, more) => {
        expect(gibFor(one + more)).toBeGreaterThanOrEqual(gibFor(one));
        const isRefused = refusedForDisk(one * GIB, 'cpu', STACK_DISKS) !== undefined;
        expect(isRefused || gibFor(one) > one).toBe(true);
      }),
    );
  });

  it.each(['', '/ 500', '21 20 /', '21 / 20', '21 x /', '21 / 500 / 3'])('cannot be read from %j', (text) => {
    expect(() => disksFrom(text)).toThrow(/the disks of the stack must be like/);
  });
});

describe('the most that lies on a disk', () => {
  const bytes: JobBytes = { source: 100, results: 30, largest: 20 };

  it.each([
    { kind: 'plan', most: 100 },
    { kind: 'segment', most: 100 + 60 },
    { kind: 'join', most: 100 + 30 + 40 },
    { kind: 'whole', most: 100 + 30 + 30 + 40 },
  ] as const)('by a $kind is $most of a source of 100 with results of 30', ({ kind, most }) => {
    expect(peakBytes(kind, bytes, UNDIVIDED)).toBe(most);
  });

  it('by a task of segments is what it fetches of the source, and twice its share of the results', () => {
    expect(peakBytes('segment', bytes, { tasks: 10, fetched: 12 })).toBe(12 + 6);
    expect(peakBytes('segment', bytes, { tasks: 10, fetched: 1e9 })).toBe(100 + 6);
  });

  it('is counted with a source as large as its results where an early version made the job', () => {
    const outline = { bytes: 7, pixels: 1, durationSeconds: 1 };
    expect(bytesFrom({}, outline)).toEqual({ source: 7, results: 7, largest: 7 });
  });
});

const film = (gib: number, hours: number) => ({
  ...{ bytes: gib * GIB, pixels: 1920 * 1080, durationSeconds: hours * 3600 },
});
const needs = (recipe: string, asked = {}) => {
  const own = recipeNamed(recipe);
  const settings = resolveSettings(own, asked);
  const results = resultBits(own, settings);
  return { ...needsOf(own, settings, asked), ...(results && { results }) };
};

describe('the disk of a job', () => {
  it('has room for the copies that are made of recordings in one transport or program stream', () => {
    const stream = { ...film(12, 3), mayBeJoined: true } as const;
    expect(routeOf(needs('preserve'), film(12, 3)).disk.gib).toBe(21);
    expect(routeOf(needs('preserve'), stream).disk.gib).toBe(50);
  });

  it('is not refused for copies that few streams need', () => {
    const stream = { ...film(100, 0.1), mayBeJoined: true } as const;
    expect(refusedForSize(needs('ladder'), stream, disksFrom('21 50 100 200 /'))).toBeUndefined();
    expect(routeOf(needs('ladder'), stream, undefined, disksFrom('21 50 100 200 /')).disk.gib).toBe(200);
  });

  it.each([
    { what: 'a short film', recipe: 'preserve', source: film(1, 0.1), way: 'single', gib: 21 },
    {
      what: 'an hour of HAP, which is larger than its source',
      recipe: 'vj',
      source: film(1, 0.1),
      way: 'single',
      gib: 50,
    },
    {
      what: 'a long film, whose plan has the source alone',
      recipe: 'preserve',
      source: film(40, 2),
      way: 'workflow',
      gib: 50,
    },
    { what: 'the largest camera file', recipe: 'preserve', source: film(400, 2), way: 'workflow', gib: 500 },
  ] as const)('of $what has $gib GiB', ({ recipe, source, way, gib }) => {
    const route = routeOf(needs(recipe), source);
    expect(route).toMatchObject({ way, disk: { gib } });
    if (gib > 200) expect(route.size).toEqual(MACHINE_SIZE);
  });

  it.each([
    { recipe: 'preserve', asked: {}, neverLarger: true },
    { recipe: 'preserve', asked: { evenIfLarger: true }, neverLarger: false },
    { recipe: 'mezzanine', asked: {}, neverLarger: false },
  ])(
    'of $recipe with $asked expects no result larger than the source: $neverLarger',
    ({ recipe, asked, neverLarger }) => {
      expect(needs(recipe, asked).results?.neverLarger).toBe(neverLarger);
    },
  );

  it('is refused with one sentence that names the size needed and the largest there is', () => {
    expect(refusedForSize(needs('preserve'), film(400, 2), STACK_DISKS)).toBeUndefined();
    const reason = refusedForSize(needs('preserve'), film(4000, 2), STACK_DISKS);
    expect(reason).toMatch(
      /^making this film takes a disk of about \d{4} GiB, and the largest that this stack has for it is 2048 GiB; /,
    );
    expect(refusedForSize(needs('preserve'), film(400, 2), disksFrom('21 50 100 200 /'))).toMatch(/is 200 GiB; /);
  });

  it('of a network on a graphics card is the volume that its machines have', () => {
    expect(routeOf(needs('upscale'), film(1, 0.1)).disk).toEqual({ gib: 200, isVolume: false, at: 0 });
    expect(refusedForSize(needs('upscale'), film(300, 1), STACK_DISKS)).toMatch(/is 200 GiB; /);
  });
});

describe('the disks of a workflow', () => {
  const work = {
    compute: 'cpu',
    tasks: 20,
    isFetchedInParts: true,
    bytes: { source: 100 * GIB, results: 30 * GIB, largest: 30 * GIB },
  } as const;
  const sizes = (more: object) => Object.values(stepDisks({ ...work, ...more }, ask)).map(({ gib }) => gib);

  it('are small for tasks that fetch parts of the source, and hold all of it for those that cannot', () => {
    expect(sizes({})).toEqual([200, 21, 500]);
    expect(sizes({ isFetchedInParts: false })).toEqual([200, 200, 500]);
  });

  it('give a join that makes everything itself the disk of a container that does so', () => {
    expect(stepDisks({ ...work, tasks: 0 }, ask).join.gib).toBe(
      diskFor(peakBytes('whole', work.bytes, UNDIVIDED), 'cpu', ask).gib,
    );
  });

  it('are refused where one of them is too small', () => {
    expect(refusedForSteps(work, ask)).toBeUndefined();
    expect(refusedForSteps(work, { disks: disksFrom('21 50 100 200 /'), larger: 0 })).toMatch(/is 200 GiB; /);
  });
});
