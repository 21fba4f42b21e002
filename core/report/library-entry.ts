import type { FailureRecord } from '../job/failure-record.ts';
import { isStreamed } from '../job/job-figures.ts';
import type { Manifest } from '../job/manifest.ts';
import { isPlotted, qualityLine } from './quality-words.ts';
import { publishedBytes } from './sizes.ts';

/** What the page of all films says of one film under one recipe. Paths are relative to the page. */
export type LibraryEntry = MadeFilm | UnmadeFilm;

export type MadeFilm = {
  readonly state: 'done' | 'kept';
  readonly name: string;
  readonly recipe: string;
  readonly before: number;
  readonly after: number;
  /** Whether the results are rungs that are streamed beside the source, so that nothing is saved. */
  readonly isSet: boolean;
  /** The quality of the first rendition in words, and its mean score, by which films are sorted. */
  readonly quality: string;
  readonly score: number | undefined;
  readonly warnings: readonly string[];
  readonly at: string;
  readonly report: string;
  readonly poster: string | undefined;
};

export type UnmadeFilm = {
  readonly state: 'failed';
  readonly name: string;
  readonly recipe: string;
  readonly reason: string;
  readonly at: string;
};

type FilmLinks = { readonly name: string; readonly report: string; readonly poster: string | undefined };

/** Returns the entry of a film that has a manifest. `kept` means that the source's own bytes are the result. */
export function madeFilm(manifest: Manifest, place: FilmLinks): MadeFilm {
  const { source, renditions, recipe, warnings, madeAt: at } = manifest;
  const [first] = renditions;
  const isKept = renditions.length > 0 && renditions.every(({ quality }) => quality.metric === 'identical');
  return {
    ...place,
    state: isKept ? 'kept' : 'done',
    recipe,
    before: source.bytes,
    after: publishedBytes(manifest),
    isSet: isStreamed(manifest),
    quality: first ? qualityLine(first) : 'not measured',
    score: first && isPlotted(first.quality.metric) && first.quality.sampledFrames > 0 ? first.quality.mean : undefined,
    warnings: [...new Set(warnings)],
    at,
  };
}

/** Returns the entry of a film that could not be made, from the record of its failure. */
export const unmadeFilm = ({ recipe = '', reason, at }: FailureRecord, name: string): UnmadeFilm => ({
  state: 'failed',
  name,
  recipe,
  reason,
  at,
});
