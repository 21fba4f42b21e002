import type { Stream } from '../film/probe.ts';
import { type StreamDecision, TTML_AS_SRT } from './stream-plan.ts';
import { sidecarName } from './track-marks.ts';

/** Whether a stream is a timecode, which is written again. */
export const isTimecode = ({ tags, codec }: Stream) => Boolean(tags.timecode) || codec === 'tmcd';

/** Decides a track of telemetry or other data, which goes from one MP4 or MOV into another; undefined for other streams. */
export function carriedTrack(stream: Stream): StreamDecision | undefined {
  if (stream.type !== 'data' || isTimecode(stream)) return undefined;
  const why = 'its track is copied, with its times and its description';
  const isTtml = stream.codec === 'stpp';
  const sidecar = isTtml ? { name: sidecarName(stream, 'srt'), format: TTML_AS_SRT } : undefined;
  return { fate: 'kept', why, codecArgs: undefined, sidecar, track: true };
}
