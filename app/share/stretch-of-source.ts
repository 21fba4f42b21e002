import { contextOf } from '../../core/encode/context.ts';
import { ServiceError } from '../../core/errors.ts';
import type { LocalFile } from '../../core/ports/object-store.ts';
import { framesAround, type Segment, type SegmentRange } from '../../core/segments/segments.ts';
import type { MappedFilm } from '../../core/segments/source-parts.ts';
import { firstFrameOf, isSoundStretch, stretchOf } from '../../core/segments/stretches.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';

/** The film that is cut, and the version of its object. */
type CutFilm = { readonly version: string; readonly film: MappedFilm };

/** A stretch that decodes to the film's own frames; `firstFrame` is the number of its first one. */
type FetchedStretch = LocalFile & { readonly firstFrame: number };

/** `replaced`: the source is another one by now. `differs`: the stretch decodes to other frames than the film. */
type NoStretch = 'replaced' | 'differs';

/**
 * Fetches the stretch of a source that these neighbouring segments are made of, and decodes it once: unless it gives the frames
 * that the plan step found in the whole, each with its hash and its time, nothing is made of it.
 */
export async function fetchStretch(
  segments: readonly Segment[],
  draft: Draft,
  { version, film }: CutFilm,
  { request, ports, tracking }: Pick<RenditionWork, 'request' | 'ports' | 'tracking'>,
): Promise<FetchedStretch | NoStretch> {
  const { signal } = tracking;
  const wanted = framesOf(segments, draft);
  const file = await ports.sources.fetchStretches(request.source, version, stretchOf(film, wanted), signal);
  if (!file) return 'replaced';
  const { probe, main } = draft.source;
  try {
    const source = { path: file.path, probe, stream: main.index };
    const found = await ports.reader.surveyFrames(source, { signal, onProgress: () => {} });
    const firstFrame = firstFrameOf(found.index, film.index, wanted);
    if (firstFrame !== undefined) return { ...file, firstFrame };
  } catch (error) {
    // a program that cannot read the file says the same as frames that are not the right ones
    if (!(error instanceof ServiceError) || !['bad-input', 'not-video'].includes(error.code)) {
      await file.release();
      throw error;
    }
  }
  await file.release();
  return 'differs';
}

/** Whether a stretch from the middle of a film decodes to the film's frames, so that tasks can make its segments. */
export async function isReadInStretches(
  fed: readonly Draft[],
  cutting: CutFilm,
  work: Pick<RenditionWork, 'request' | 'ports' | 'tracking'>,
): Promise<boolean> {
  const [draft] = fed;
  const sound = draft ? soundSegments(draft) : [];
  const middle = sound[Math.floor(sound.length / 2)];
  if (!draft || !middle) return false;
  const stretch = await fetchStretch([middle], draft, cutting, work);
  if (typeof stretch === 'string') return false;
  await stretch.release();
  return true;
}

/** The segments of a film near which nothing was found wrong. Others are made in the join, by one decode from the film's start. */
export const soundSegments = (draft: Draft): readonly Segment[] => {
  const { errorsAt } = draft.source;
  return draft.segments.filter((segment) => errorsAt && isSoundStretch(framesOf([segment], draft), errorsAt));
};

/** The frames of the film that these segments and their filters see. */
function framesOf(segments: readonly Segment[], { source, spec }: Pick<Draft, 'source' | 'spec'>): SegmentRange {
  const { index, cut } = source;
  const [first, last] = [segments.at(0), segments.at(-1)];
  const range = { start: first?.start ?? 0, end: last?.end ?? 0 };
  const context = { margin: spec.margin, context: contextOf(spec) };
  const { start, end } = framesAround(range, cut, context);
  return { start, end: range.end === cut.times.length ? index.count : Math.min(end, index.count) };
}
