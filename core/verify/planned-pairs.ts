import { presentationTimes } from '../film/frame-index.ts';
import type { Stream } from '../film/probe.ts';
import type { StreamSurvey } from '../ports/film-reader.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { toNumber } from '../units.ts';
import type { Evidence } from './evidence.ts';

/** A planned stream with its stream in the output: its packets, and its properties. */
export type PlannedPair = StreamPlan & { readonly is: StreamSurvey | undefined; readonly made: Stream | undefined };

/**
 * Returns each planned stream beside the main picture with its stream in the output. The output has them in planned order,
 * except that covers come last, and in Matroska all attachments; MP4 has chapter and timecode tracks in between.
 */
export function pairs({
  plans,
  mainStream,
  output,
}: Pick<Evidence, 'plans' | 'mainStream' | 'output'>): readonly PlannedPair[] {
  const others = plans.filter(({ stream, codecArgs }) => codecArgs && stream.index !== mainStream);
  const isLast = ({ stream }: StreamPlan) => isCover(stream) || stream.type === 'attachment';
  const inOrder = [...others.filter((plan) => !isLast(plan)), ...others.filter(isLast)];
  const made = output.survey.streams.filter((_, i) => output.probe.streams[i]?.type !== 'data');
  const streams = output.probe.streams.filter(({ type }) => type !== 'data');
  return inOrder.map((plan, i) => ({ ...plan, is: made[i + 1], made: streams[i + 1] }));
}

/** Returns the survey of those packets of a source stream that are copied. */
export function copiedSurvey({ stream, withoutFirst }: StreamPlan, { source }: Evidence) {
  const survey = source.streams.find((each) => each.stream === stream.index);
  return withoutFirst === undefined ? survey : survey?.early?.others;
}

/** When the picture begins in the output, in seconds from the start of the file. */
export const outputStartOfPicture = ({ survey: { index } }: Evidence['output']) =>
  (presentationTimes(index)[0] ?? 0) * toNumber(index.timeBase);

/** Whether a stream is a picture that a container attaches to its film, as a cover. */
export const isCover = ({ video }: Stream): boolean => Boolean(video?.isAttachedPicture);
