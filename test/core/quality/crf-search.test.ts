import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correct } from '../../../core/quality/crf-correction.ts';
import type { CrfTrial } from '../../../core/quality/crf-curve.ts';
import { nextTrial, type SearchStep, type Target } from '../../../core/quality/crf-search.ts';
import { targetFor } from '../../../core/quality/target.ts';

const target: Target = { score: 95, tolerance: 0.3, typicalFall: 1 };
type Curve = (crf: number) => number;

/** Runs the search to its end on a clip whose scores are known. */
function search(
  curve: Curve,
  wanted = target,
  share = 0.12,
): { trials: CrfTrial[]; answer: Extract<SearchStep, { do: 'accept' }> } {
  const trials: CrfTrial[] = [];
  for (;;) {
    const step = nextTrial(trials, wanted, share);
    if (step.do === 'accept') return { trials, answer: step };
    if (trials.some(({ crf }) => crf === step.crf) || trials.length > 30)
      throw new Error(`asked for ${step.crf} again`);
    trials.push({ crf: step.crf, score: curve(step.crf) });
  }
}

/** Makes a film as a job does: the search on samples, then whole files until one is accepted. */
function made(curve: Curve, { wanted = target, sampled = curve } = {}) {
  const { trials, answer } = search(sampled, wanted);
  const rounds: CrfTrial[] = [];
  for (let { crf } = answer; ; ) {
    rounds.push({ crf, score: curve(crf) });
    const step = correct(rounds, trials, wanted);
    if (step.do === 'accept')
      return { trials, answer, files: new Set(rounds.map((round) => round.crf)).size, film: step };
    if (rounds.length > 10) throw new Error('it goes on and on');
    crf = step.crf;
  }
}

const vmaf = targetFor('vmaf', 95);
/** What is missing of 100 grows by this share with each CRF. */
const vmafCurve =
  (at25: number, share: number): Curve =>
  (crf) =>
    100 - (100 - at25) * Math.exp(share * (crf - 25));

describe('the search on samples', () => {
  it('begins in the middle of the range', () => {
    expect(nextTrial([], target, 0.12)).toEqual({ do: 'encode', crf: 25 });
  });

  it.each([
    { clip: 'that the first trial hits', curve: vmafCurve(95.1, 0.09), crf: 25, trials: [1, 1] },
    { clip: 'that is half a CRF off', curve: vmafCurve(95.35, 0.09), crf: 25.25, trials: [1, 1] },
    { clip: 'that is a CRF off', curve: vmafCurve(94.7, 0.09), crf: 24, trials: [1, 2] },
    { clip: 'that needs the lowest recommended CRF', curve: vmafCurve(94.1, 0.09), crf: 22.75, trials: [2, 2] },
    { clip: 'that is easy', curve: vmafCurve(96.2, 0.09), crf: 27.5, trials: [2, 2] },
  ])('believes a trial near by of a clip $clip, the more the more a trial costs', ({ curve, crf, trials }) => {
    const found = [0.3, 0.04].map((share) => search(curve, vmaf, share));
    for (const { answer } of found) {
      expect(answer).toMatchObject({ outcome: 'met', crf });
      expect(Math.abs(answer.score - curve(crf))).toBeLessThan(0.1);
    }
    expect(found.map((each) => each.trials.length)).toEqual(trials);
  });

  it.each([
    { clip: 'of VMAF', curve: vmafCurve(96, 0.08), crf: 27 },
    { clip: 'that falls steeply', curve: vmafCurve(94.2, 0.2), crf: 24 },
    { clip: 'that hardly falls', curve: vmafCurve(95.6, 0.05), crf: 26.75 },
    { clip: 'that falls evenly', curve: (crf: number) => 95 - 1.2 * (crf - 25.6), crf: 25.5, most: 3 },
    { clip: 'that falls faster and faster', curve: (crf: number) => 98 - 0.12 * (crf - 20) ** 2, crf: 24.75 },
  ])('and whole files end within half a VMAF on a clip $clip', ({ curve, crf, most = 2 }) => {
    const { film, files } = made(curve, { wanted: vmaf });
    expect(film.outcome).toBe('met');
    expect(film.score).toBeGreaterThanOrEqual(94.9);
    expect(film.score).toBeLessThanOrEqual(95.5);
    expect(Math.abs(film.crf - crf)).toBeLessThanOrEqual(1);
    expect(files).toBeLessThanOrEqual(most);
  });

  it.each([
    { curve: (crf: number) => 95 - 0.5 * (crf - 37.6), crf: 37 },
    { curve: (crf: number) => 95 - 0.4 * (crf - 33.1), crf: 33 },
    { curve: (crf: number) => 95 - 0.35 * (crf - 41.5), crf: 41 },
  ])('finds a whole CRF of AV1 near $crf', ({ curve, crf }) => {
    const { trials, film, files } = made(curve, { wanted: targetFor('vmaf', 95, true) });
    expect(film.outcome).toBe('met');
    expect(trials.every((trial) => Number.isInteger(trial.crf)) && Number.isInteger(film.crf)).toBe(true);
    expect(Math.abs(film.crf - crf)).toBeLessThanOrEqual(1);
    expect(trials.length + files).toBeLessThanOrEqual(4);
  });

  it.each([
    { film: 'full of noise', curve: vmafCurve(88, 0.09), below: 23 },
    { film: 'that is soft', curve: vmafCurve(98.5, 0.09), above: 28 },
  ])('goes beyond the recommended CRFs in a film $film', ({ curve, below = 40, above = 10 }) => {
    const { film, trials } = made(curve, { wanted: vmaf });
    expect(film.outcome).toBe('met');
    expect(film.crf).toBeLessThan(below);
    expect(film.crf).toBeGreaterThan(above);
    expect(film.score).toBeGreaterThanOrEqual(94.9);
    expect(film.score).toBeLessThanOrEqual(95.5);
    expect(trials.length).toBeLessThan(4);
  });

  it.each([
    { film: 'that hides much', curve: vmafCurve(94.3, 0.05), above: 43, vmaf: 80 },
    { film: 'that shows all', curve: vmafCurve(93.5, 0.05), below: 31, vmaf: 95 },
  ])('goes beyond them in AV1, in a film $film', ({ curve, below = 63, above = 8, vmaf }) => {
    const { film, trials } = made(curve, { wanted: targetFor('vmaf', vmaf, true) });
    expect(film.outcome).toBe('met');
    expect(film.crf).toBeLessThan(below);
    expect(film.crf).toBeGreaterThan(above);
    expect(Math.abs(film.score - vmaf)).toBeLessThanOrEqual(0.5);
    expect(trials.length).toBeLessThan(4);
  });

  it('comes within half a VMAF in AV1 where the quality falls at once: VP9 of 10 bits as it was measured', () => {
    const points = [
      ...[
        [8, 95],
        [36, 91.27],
        [43, 90.03],
        [52, 87.07],
        [53, 86.42],
        [56, 83.45],
        [57, 82.37],
      ],
      ...[
        [58, 80.03],
        [62, 67.58],
        [63, 58.11],
      ],
    ] as const;
    const curve = (crf: number) => {
      const i = Math.max(
        1,
        points.findIndex(([at = 0]) => at >= crf),
      );
      const [[from = 0, high = 0] = [], [to = 1, low = 0] = []] = [points[i - 1], points[i]];
      return high + ((low - high) * (crf - from)) / (to - from);
    };
    const { film, files } = made(curve, { wanted: targetFor('vmaf', 80, true) });
    expect(film).toMatchObject({ crf: 58, outcome: 'met' });
    expect(files).toBeLessThanOrEqual(3);
  });

  it('reports if even the lowest CRF does not reach the target', () => {
    expect(search((crf) => 94 - (crf - 10)).answer).toEqual({
      do: 'accept',
      crf: 10,
      score: 94,
      outcome: 'out-of-reach',
    });
  });

  it('reports if even the highest CRF gives more than the target', () => {
    expect(made(vmafCurve(99.5, 0.09), { wanted: vmaf }).film).toMatchObject({ crf: 40, outcome: 'exceeded' });
  });

  it('accepts no CRF above one that failed', () => {
    const trials = [
      { crf: 25, score: 94.9 },
      { crf: 27, score: 95.2 },
    ];
    expect(nextTrial(trials, target, 0.12).crf).toBeLessThan(25);
  });

  const falling = fc
    .record({
      at10: fc.double({ min: 90, max: 99.9, noNaN: true }),
      falls: fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 30, maxLength: 30 }),
    })
    .map(({ at10, falls }): Curve => {
      const points = [at10];
      for (const fall of falls) points.push((points.at(-1) ?? at10) - fall);
      return (crf) => {
        const i = Math.min(29, Math.floor(crf - 10));
        const [from = 0, to = 0] = [points[i], points[i + 1]];
        return from + (to - from) * (crf - 10 - i);
      };
    });

  it('ends soon and in the range on any falling curve', () => {
    let [encodes, files, runs] = [0, 0, 0];
    fc.assert(
      fc.property(falling, (curve) => {
        const { trials, film, files: whole } = made(curve);
        encodes += trials.length;
        files += whole;
        runs++;
        expect(trials.length).toBeLessThanOrEqual(4);
        expect([...trials, film].every(({ crf }) => crf >= 10 && crf <= 40)).toBe(true);
        if (film.outcome === 'met') expect(film.score).toBeGreaterThanOrEqual(94.9);
        if (film.outcome === 'out-of-reach') expect(curve(10)).toBeLessThan(95);
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(encodes / runs).toBeLessThan(2.5);
    expect(files / runs).toBeLessThan(2.25);
  });

  it('ends on curves of pure noise', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 90, max: 100, noNaN: true }), { minLength: 121, maxLength: 121 }),
        (scores) => {
          const { answer } = search((crf) => scores[(crf - 10) * 4] ?? 0);
          expect(answer.score >= target.score || answer.outcome === 'out-of-reach').toBe(true);
        },
      ),
      { seed: 7 },
    );
  });
});

describe('the correction on whole files', () => {
  const trials = [
    { crf: 25, score: 96.2 },
    { crf: 26, score: 95.1 },
  ];

  it.each([
    { file: 'that is as the samples said', score: 95.1, outcome: 'met' },
    { file: 'that is a hair short', score: 94.95, outcome: 'met' },
    { file: 'that is a little better', score: 95.5, outcome: 'met' },
  ])('accepts a file $file', ({ score, outcome }) => {
    expect(correct([{ crf: 26, score }], trials, target)).toEqual({ do: 'accept', crf: 26, score, outcome });
  });

  it.each([
    { file: 'that promised 95 and delivered 92', round: { crf: 26, score: 92 }, crf: 23 },
    { file: 'that is one short', round: { crf: 26, score: 94 }, crf: 25 },
    { file: 'that is far better than asked', round: { crf: 26, score: 97 }, crf: 27.75 },
  ])('encodes again a file $file', ({ round, crf }) => {
    expect(correct([round], trials, target)).toEqual({ do: 'encode', crf });
  });

  it('encodes nothing again where the next CRF would miss the target, and does not call it met', () => {
    const coarse = { ...target, range: { lowest: 8, highest: 63, first: 36, span: 12, step: 1 } };
    expect(correct([{ crf: 36, score: 95.7 }], [], coarse)).toMatchObject({
      do: 'accept',
      crf: 36,
      outcome: 'closest',
    });
  });

  it('does not call a film met that is more than half a VMAF better when the rounds are over', () => {
    const rounds = [
      { crf: 25, score: 98 },
      { crf: 28, score: 97.7 },
      { crf: 31, score: 97.3 },
    ];
    expect(correct(rounds, trials, target)).toMatchObject({ do: 'accept', crf: 31, outcome: 'closest' });
  });

  it.each([
    { does: 'says that 10 is not enough', rounds: [{ crf: 10, score: 93 }], outcome: 'out-of-reach', crf: 10 },
    { does: 'says that 40 is more than enough', rounds: [{ crf: 40, score: 97 }], outcome: 'exceeded', crf: 40 },
    {
      does: 'takes the best when the rounds are over',
      rounds: [
        { crf: 27, score: 92 },
        { crf: 26, score: 93 },
        { crf: 25, score: 94 },
      ],
      outcome: 'closest',
      crf: 25,
    },
  ])('$does', ({ rounds, outcome, crf }) => {
    expect(correct(rounds, trials, target)).toMatchObject({ do: 'accept', crf, outcome });
  });

  it('returns to an earlier file that reached the target, and accepts it as the closest', () => {
    const rounds = [
      { crf: 25, score: 97 },
      { crf: 27, score: 94 },
      { crf: 26, score: 94.5 },
    ];
    expect(correct(rounds, trials, target)).toEqual({ do: 'encode', crf: 25 });
    const again = [...rounds, { crf: 25, score: 97 }];
    expect(correct(again, trials, target)).toEqual({ do: 'accept', crf: 25, score: 97, outcome: 'closest' });
  });

  it('ends after at most three different files, whatever they score', () => {
    const score = fc.double({ min: 85, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 121, maxLength: 121 }),
        fc.integer({ min: 0, max: 120 }),
        (scores, first) => {
          const rounds: CrfTrial[] = [];
          let crf = 10 + first / 4;
          for (let i = 0; i < 10; i++) {
            rounds.push({ crf, score: scores[(crf - 10) * 4] ?? 0 });
            const step = correct(rounds, trials, target);
            if (step.do === 'encode') {
              crf = step.crf;
              continue;
            }
            expect(new Set(rounds.map((round) => round.crf)).size).toBeLessThanOrEqual(3);
            expect(rounds.length).toBeLessThanOrEqual(4);
            const reached = rounds.some((round) => round.score >= target.score);
            if (step.outcome === 'met') expect(step.score).toBeGreaterThanOrEqual(94.9);
            if (!reached) expect(step.score).toBeLessThan(target.score);
            return;
          }
          throw new Error('it goes on and on');
        },
      ),
      { numRuns: 2000, seed: 7 },
    );
  });
});
