import type { SampleWindow } from '../../core/quality/sample.ts';
import type { Segment } from '../../core/segments/segments.ts';
import { type Draft, pieceKey, type RenditionWork, timelineOf } from './work.ts';

/** Returns the mean score of each window by its piece in the cache. */
export async function scorePieces(
  segments: readonly Segment[],
  windows: readonly SampleWindow[],
  { source, spec }: Draft,
  { ports, tracking }: RenditionWork,
): Promise<readonly number[]> {
  const pieces: Awaited<ReturnType<typeof ports.cache.fetch>>[] = [];
  try {
    for (const { key } of segments) pieces.push(await ports.cache.fetch(pieceKey(key), tracking.signal));
    const samples = windows.map((window, i) => ({ window, piece: pieces[i]?.path ?? '' }));
    const { path, probe, main, cut } = source;
    const film = { source: { path, probe, stream: main.index }, ...timelineOf(source) };
    const task = { ...film, spec, samples, sequential: cut.access === 'feed' };
    return await ports.measurer.scoreSamples(task, tracking.signal);
  } finally {
    for (const piece of pieces) await piece.release();
  }
}
