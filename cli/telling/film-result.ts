import type { ResultOf } from '../../core/job/events.ts';
import { isStreamed } from '../../core/job/job-figures.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import { isMetric, scoreDigits } from '../../core/quality/metric.ts';
import { publishedBytes } from '../../core/report/sizes.ts';

/** Stands for the recipe where a film failed before there was a job. */
export const NO_JOB = '';

/** What became of one film under one recipe. */
export type FilmResult = FilmNamed & FilmFate;

export type FilmNamed = {
  /** Its path as people named it, or below the folder that they named. */
  readonly source: string;
  readonly recipe: string;
  /** The name of its result, where it was told apart from another's. */
  readonly result?: string | undefined;
};

export type FilmFate =
  | {
      readonly fate: 'done' | 'kept';
      readonly before: number;
      readonly after: number;
      /** The measured quality, as "VMAF 95.6"; undefined if nothing was measured. */
      readonly quality: string | undefined;
      readonly seconds: number;
      /** Whether the results are rungs that are streamed beside the source, so that nothing is saved. */
      readonly isSet?: boolean;
    }
  /** `resultOf` is there if the film is a result itself. */
  | { readonly fate: 'unchanged'; readonly resultOf?: ResultOf | undefined }
  | { readonly fate: 'skipped' | 'failed'; readonly reason: string }
  /** The run was interrupted before the film was done. */
  | { readonly fate: 'stopped' };

/** Returns what becomes of a film that ends with a failure: an interruption is none of its own. */
export const fateOfFailure = ({ code, reason }: { readonly code: string; readonly reason: string }): FilmFate =>
  code === 'interrupted' ? { fate: 'stopped' } : { fate: 'failed', reason };

/** Returns what a manifest says in one line. `kept` means that the source's own bytes are the result. */
export function fateIn(manifest: Manifest): FilmFate {
  const { source, renditions, timings } = manifest;
  const isKept = renditions.length > 0 && renditions.every(({ quality }) => quality.metric === 'identical');
  return {
    fate: isKept ? 'kept' : 'done',
    before: source.bytes,
    after: publishedBytes(manifest),
    quality: qualityIn(manifest),
    seconds: timings.total,
    isSet: isStreamed(manifest),
  };
}

/** The quality of the first rendition, which is the one nearest to the source. */
function qualityIn({ renditions: [first] }: Manifest): string | undefined {
  if (!first) return undefined;
  const { metric, mean, sampledFrames } = first.quality;
  if (metric === 'lossless') return 'lossless';
  if (!isMetric(metric) || sampledFrames === 0) return undefined;
  return `${metric.toUpperCase()} ${scoreDigits(metric, mean)}`;
}
