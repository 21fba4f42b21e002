import type { Stream, VideoFacts } from '../../core/film/probe.ts';
import { changesPixelShape, shapedParts } from '../../core/film/shaped-parts.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SourceCut } from '../../core/segments/segments.ts';
import type { ReadingContext } from './inspect-film.ts';

type FilmCut = { readonly main: Stream & { readonly video: VideoFacts }; readonly cut: SourceCut };

/**
 * Returns a film with the parts in which its pixels have one shape each, and the same film where all have one. It decodes a film
 * of which the shape changes midway once more: a change that players see at a picture cannot be told from the packets' times.
 */
export async function withShapedParts(
  source: Source,
  { main, cut }: FilmCut,
  {
    ports: { reader },
    context: { watch, signal },
  }: { readonly ports: Pick<Ports, 'reader'>; readonly context: ReadingContext },
): Promise<FilmCut> {
  if (!changesPixelShape(main.video)) return { main, cut };
  const runs = await watch.time('index', () => reader.shapeRuns(source, signal));
  const parts = shapedParts(runs, cut.times.length);
  return { main: { ...main, video: { ...main.video, shapedParts: parts } }, cut: { ...cut, isCounted: true } };
}
