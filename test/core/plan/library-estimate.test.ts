import { describe, expect, it } from '@jest/globals';
import { type FilmToPlan, NO_FILMS, withFilm } from '../../../core/plan/library-estimate.ts';
import { learnFrom } from '../../../core/plan/past-jobs.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';

const HOUR: FilmToPlan = {
  bytes: 4_000_000_000,
  renditions: [
    {
      width: 1920,
      height: 1080,
      frames: 90_000,
      estimate: { seconds: 7200, outputBytes: 1_000_000_000, diskBytes: 2_000_000_000 },
    },
  ],
};
const [rendition] = manifestFixture().renditions;
const job = (encode: number, settings: Record<string, string> = {}, changes = {}) =>
  manifestFixture({
    settings,
    renditions: rendition ? [{ ...rendition, ...changes }] : [],
    timings: { ...manifestFixture().timings, encode, total: encode + 20 },
  });
const asked = { recipe: 'preserve', preset: 'medium', usual: 'medium' };

describe('the estimate of a library', () => {
  it('adds up what is known without any job, and counts verifying', () => {
    const estimating = { learnt: learnFrom([], asked), cores: 2, neverLarger: true };
    const once = withFilm(NO_FILMS, HOUR, estimating);
    expect(once).toMatchObject({ films: 1, bytesBefore: 4e9, bytesAfter: 1e9, encodeSeconds: 7200.3, diskBytes: 3e9 });
    expect(once.otherSeconds).toBeCloseTo(2 + (90_000 * 1920 * 1080) / 208e6, 0);
    expect(withFilm(once, HOUR, estimating)).toMatchObject({ films: 2, bytesAfter: 2e9, diskBytes: 4e9 });
  });

  it('learns from the jobs of this machine, by their median', () => {
    const learnt = learnFrom([job(30), job(40), job(500)], asked);
    expect(learnt).toMatchObject({ jobs: 3, sizeRatio: 0.4 });
    const { encodeSeconds, otherSeconds, bytesAfter } = withFilm(NO_FILMS, HOUR, {
      learnt,
      cores: 2,
      neverLarger: true,
    });
    expect(encodeSeconds).toBeCloseTo(0.3 + (39.7 * 90_000) / 250);
    expect(otherSeconds).toBeCloseTo(2 + (18 * 90_000) / 250);
    expect(bytesAfter).toBe(1_600_000_000);
  });

  it.each([
    { what: 'another preset', past: job(30, { preset: 'slow' }) },
    { what: 'pieces that were there', past: job(30, {}, { segments: { total: 2, encoded: 1, reused: 1 } }) },
    {
      what: "the source's own bytes",
      past: job(30, {}, { quality: { metric: 'identical', mean: 1, min: 1, sampledFrames: 1 } }),
    },
  ])('learns nothing from a job of $what', ({ past }) => {
    expect(learnFrom([past], asked).jobs).toBe(0);
  });

  it('learns from another preset how long reading and verifying take, and nothing of encoding', () => {
    const learnt = learnFrom([job(30, { preset: 'slow' })], asked);
    expect(learnt).toMatchObject({ jobs: 0, ofAnyPreset: 1, encode: undefined, sizeRatio: undefined });
    const { encodeSeconds, otherSeconds } = withFilm(NO_FILMS, HOUR, { learnt, cores: 2, neverLarger: true });
    expect(encodeSeconds).toBeCloseTo(7200.3);
    expect(otherSeconds).toBeCloseTo(2 + (18 * 90_000) / 250);
  });

  it('counts copies of sources as disk that is needed', () => {
    const estimating = { learnt: learnFrom([], asked), cores: 2, neverLarger: true };
    const kept = withFilm(NO_FILMS, { ...HOUR, isKept: true }, estimating);
    expect(kept).toMatchObject({ keptBytes: 4e9, diskBytes: 7e9 });
    expect(withFilm(kept, HOUR, estimating)).toMatchObject({ keptBytes: 4e9, diskBytes: 8e9 });
  });

  it('never expects a film to grow, under recipes that never make it larger', () => {
    const nothing = { perFilm: 0, perPixel: 0 };
    const learnt = { jobs: 1, ofAnyPreset: 1, encode: nothing, other: nothing, sizeRatio: 1.5 };
    expect(withFilm(NO_FILMS, HOUR, { learnt, cores: 1, neverLarger: true }).bytesAfter).toBe(4e9);
    expect(withFilm(NO_FILMS, HOUR, { learnt, cores: 1, neverLarger: false }).bytesAfter).toBe(6e9);
  });
});
