import type { Probe } from '../../core/film/probe.ts';
import { chapterTracksOf } from '../structure/mp4-chapter-tracks.ts';

/**
 * Returns the probe with the tracks marked whose texts are the film's chapters. ffprobe writes the chapters of each further list over
 * those of the one before, so that of a longer list the end is left: only those of the last track count.
 */
export async function withChapterTracks(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const { places, last } = await chapterTracksOf({ path, probe }, signal);
  if (places.size === 0) return probe;
  const streams = probe.streams.map((stream) => {
    if (!places.has(stream.index) || stream.type !== 'data') return stream;
    const isUnread = last !== undefined && stream.index !== last.place;
    return { ...stream, holdsChapters: true as const, ...(isUnread && { chaptersUnread: true as const }) };
  });
  const chapters = last?.chapters ?? 0;
  const isLonger = chapters > 0 && probe.chapters > chapters;
  return {
    ...probe,
    streams,
    ...(chapters > 0 && { chaptersOfTrack: chapters }),
    ...(isLonger && { chapters, hasLongerList: true as const }),
  };
}
