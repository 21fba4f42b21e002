import type { Probe, Stream } from '../film/probe.ts';
import type { StreamSurvey } from '../ports/film-reader.ts';

type SourceShown = {
  readonly probe: Pick<Probe, 'startSeconds' | 'streams'>;
  readonly streams: readonly StreamSurvey[];
  /** The index of the picture's stream. */
  readonly picture: number;
};

/**
 * Returns until when a source shows its picture or is heard, in seconds from its start: by its packets and, where an edit list hides
 * some of them, by the length that its container states. Returns undefined where neither says it.
 */
export function endOfSource({ probe, streams, picture }: SourceShown): number | undefined {
  const ends = streams.flatMap(({ stream: index, endSeconds, hiddenPackets = 0 }) => {
    const stream = probe.streams[index];
    if (endSeconds === undefined || (stream?.type !== 'audio' && index !== picture)) return [];
    const stated = stream && hiddenPackets > 0 ? statedEnd(stream, probe) : undefined;
    return [Math.min(endSeconds, stated ?? endSeconds)];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

const statedEnd = ({ startSeconds = 0, durationSeconds }: Stream, probe: SourceShown['probe']): number | undefined =>
  durationSeconds === undefined ? undefined : startSeconds - probe.startSeconds + durationSeconds;
