import type { Manifest } from '../job/manifest.ts';

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

/** What past jobs teach: medians over those of the same recipe and preset; undefined where there are none. */
export type Learnt = {
  readonly jobs: number;
  readonly encodeSecondsPerPixel: number | undefined;
  readonly otherSecondsPerPixel: number | undefined;
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
  const all = manifests.flatMap(pastJobOf);
  const jobs = all.filter((job) => job.recipe === recipe && (job.preset || usual) === preset);
  return {
    jobs: jobs.length,
    encodeSecondsPerPixel: median(jobs.map(({ encodeSeconds, pixels }) => encodeSeconds / pixels)),
    otherSecondsPerPixel: median(jobs.map(({ otherSeconds, pixels }) => otherSeconds / pixels)),
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

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
