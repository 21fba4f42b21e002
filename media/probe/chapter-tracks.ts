import type { Probe } from '../../core/film/probe.ts';
import { chapterTracksOf } from '../structure/mp4-chapter-tracks.ts';

/** Returns the probe with the tracks marked whose texts are the film's chapters. */
export async function withChapterTracks(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const places = await chapterTracksOf({ path, probe }, signal);
  if (places.size === 0) return probe;
  const streams = probe.streams.map((stream) =>
    stream.type === 'data' && places.has(stream.index) ? { ...stream, holdsChapters: true as const } : stream,
  );
  return { ...probe, streams };
}
