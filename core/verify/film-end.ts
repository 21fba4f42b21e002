import type { Probe } from '../film/probe.ts';
import type { StreamSurvey } from '../ports/film-reader.ts';

type SourceShown = {
  readonly probe: Pick<Probe, 'streams'>;
  readonly streams: readonly StreamSurvey[];
  /** The index of the picture's stream. */
  readonly picture: number;
};

/**
 * Returns until when a source shows its picture or is heard, in seconds from its start, by the packets that it shows. What its container
 * states is no measure: an edit list may show a part twice. Returns undefined where no packet says it.
 */
export function endOfSource({ probe, streams, picture }: SourceShown): number | undefined {
  const ends = streams.flatMap(({ stream: index, endSeconds }) =>
    endSeconds === undefined || (probe.streams[index]?.type !== 'audio' && index !== picture) ? [] : [endSeconds],
  );
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
