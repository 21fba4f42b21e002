import type { Manifest } from '../job/manifest.ts';
import { fittedLine, type Line, median } from './fitted-line.ts';

/** What a job of this machine took, as a measure for jobs to come. */
type PastJob = {
  readonly recipe: string;
  readonly preset: string;
  /** Pixels of all frames that were made. */
  readonly pixels: number;
  readonly encodeSeconds: number;
  /** Everything else: reading, joining, verifying. */
  readonly otherSeconds: number;
  readonly sourceBytes: number;
  readonly bytes: number;
};

/**
 * Seconds that a film costs, however short it is: films of 0.4 s took 0.2-0.3 s to encode, and 1.9-3.3 s besides, on two
 * processors that did other work, too. They stand for what starting all programs takes.
 */
export const SHORTEST = { encode: 0.3, other: 2 } as const;

/** What past jobs teach: those of the same recipe and preset; undefined where there are none. */
export type Learnt = {
  readonly jobs: number;
  /** Jobs of the recipe under any preset, which tell how long everything but encoding takes. */
  readonly ofAnyPreset: number;
  readonly encode: Line | undefined;
  readonly other: Line | undefined;
  /** The size of what was made, as a share of its source's. */
  readonly sizeRatio: number | undefined;
};

/**
 * Learns from manifests how long work takes here and how small films get. Jobs that used pieces of others teach nothing. `usual` is
 * the preset of jobs that named none.
 */
export function learnFrom(
  manifests: readonly Manifest[],
  { recipe, preset, usual }: { readonly recipe: string; readonly preset: string; readonly usual: string },
): Learnt {
  const ofRecipe = manifests.flatMap(pastJobOf).filter((job) => job.recipe === recipe);
  const jobs = ofRecipe.filter((job) => (job.preset || usual) === preset);
  const encodes = jobs.map(({ encodeSeconds: seconds, pixels }) => ({ seconds, pixels }));
  const others = ofRecipe.map(({ otherSeconds: seconds, pixels }) => ({ seconds, pixels }));
  return {
    jobs: jobs.length,
    ofAnyPreset: ofRecipe.length,
    encode: fittedLine(encodes, SHORTEST.encode),
    other: fittedLine(others, SHORTEST.other),
    sizeRatio: median(jobs.map(({ bytes, sourceBytes }) => bytes / sourceBytes)),
  };
}

function pastJobOf({ recipe, settings, renditions, source, timings, taken }: Manifest): readonly PastJob[] {
  const pixels = renditions.reduce((sum, { width, height, frames }) => sum + width * height * frames, 0);
  const isWhole = renditions.every(
    ({ segments, quality }) => segments.encoded === segments.total && quality.metric !== 'identical',
  );
  if (taken || !isWhole || pixels === 0 || source.bytes === 0) return [];
  return [
    {
      recipe,
      preset: String(settings.preset ?? ''),
      pixels,
      encodeSeconds: timings.encode,
      otherSeconds: Math.max(0, timings.total - timings.encode),
      sourceBytes: source.bytes,
      bytes: renditions.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  ];
}
