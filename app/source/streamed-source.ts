import type { Recipe } from '../../core/recipes/recipe.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { FilmSpan } from '../../core/streams/film-span.ts';
import type { ToldFate } from '../../core/streams/stream-plan.ts';
import { planStreams } from '../../core/streams/streams.ts';
import type { SourceFacts } from './read-source.ts';
import { streamedFilm } from './streamed-film.ts';
import { wantedStreams } from './wanted-streams.ts';

/** A source that is streamed: the time that the film takes, and the streams that the settings leave out. */
export type StreamedSource = {
  readonly source: SourceFacts;
  readonly film: FilmSpan;
  readonly leftOut: ReadonlyMap<number, string>;
};

/** What became of streams that are not in the renditions themselves, by the stream's number. */
export type ToldFates = ReadonlyMap<number, ToldFate>;

/** The film's time is that of its picture and of the sound in its renditions. */
export function streamedSource(source: SourceFacts, recipe: Recipe, settings: Partial<Settings>): StreamedSource {
  const [rendition] = recipe.renditions;
  if (!rendition) throw new Error(`${recipe.id} has no rendition`);
  const wanted = wantedStreams({ ...rendition, parent: 'source' }, settings, source);
  return { source, film: streamedFilm(planStreams(source.probe, wanted), source), leftOut: wanted.leftOut };
}

/** What a stream's own file says of it. The sound inside renditions keeps its line, which its file adds to. */
export function withOwnFile({ fate, why }: ToldFate, told: ToldFate | undefined): Partial<ToldFate> {
  if (!told || fate === 'dropped') return told ?? {};
  return told.why.startsWith(why) ? told : { ...told, fate, why: `${why}; ${told.why}` };
}
