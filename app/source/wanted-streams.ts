import { codecNamed } from '../../core/codecs/index.ts';
import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { containerOf } from '../../core/settings/delivery.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { leftOut } from '../../core/streams/choose-streams.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import type { StreamsWanted } from '../../core/streams/streams.ts';
import { type BesideWanted, plansBeside, streamsBeside } from '../../core/subtitles/beside.ts';
import type { Rational } from '../../core/units.ts';
import type { SourceFacts } from './read-source.ts';

type FromSource = Pick<SourceFacts, 'probe' | 'beside'>;
export type StreamsAsked = StreamsWanted & Pick<BesideWanted, 'leftOut'>;

/**
 * Returns how the streams of a rendition are chosen. Streams that the drop does not want are left out of renditions of the
 * source; a rendition that is made from another has only streams that are wanted. Throws `usage`.
 */
export function wantedStreams(rendition: RenditionSpec, settings: Partial<Settings>, source: FromSource): StreamsAsked {
  const streams = [...source.probe.streams, ...streamsOf(source)];
  return {
    delivery: rendition.delivery,
    container: containerOf(rendition.delivery, settings),
    title: codecNamed(rendition.codec).title,
    leftOut: rendition.parent === 'source' ? leftOut(streams, settings) : new Map(),
  };
}

/** Returns the plans for the subtitles beside the source. */
export const besideOf = (source: FromSource, wanted: StreamsAsked, timeFactor?: Rational): readonly StreamPlan[] =>
  plansBeside(source.beside ?? [], streamsOf(source), {
    ...wanted,
    filmSeconds: source.probe.durationSeconds ?? Number.POSITIVE_INFINITY,
    timeFactor,
  });

const streamsOf = ({ probe, beside = [] }: FromSource) => streamsBeside(beside, probe.streams.length);
