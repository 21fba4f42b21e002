import type { StreamFate } from '../../core/job/manifest.ts';
import type { FilmSpan } from '../../core/streams/film-span.ts';
import type { SourceFacts } from './read-source.ts';

/** A source that is streamed: the time that the film takes, and the streams that the settings leave out. */
export type StreamedSource = {
  readonly source: SourceFacts;
  readonly film: FilmSpan;
  readonly leftOut: ReadonlyMap<number, string>;
};

/** What became of streams that are not in the renditions themselves, by the stream's number. */
export type ToldFates = ReadonlyMap<number, Pick<StreamFate, 'fate' | 'why' | 'sidecar'>>;
