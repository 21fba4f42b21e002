import type { Stream } from '../film/probe.ts';
import { dropped, type StreamDecision, TTML_AS_SRT } from './stream-plan.ts';
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

/** Hints of ISO/IEC 14496-12 (9.1) for a server that sends the film, in the clear and encrypted. */
const HINTS: ReadonlySet<string> = new Set(['rtp', 'srtp']);

/** Decides a track of hints of an MP4 or MOV, which quote another track by the bytes of its samples; undefined for other streams. */
export function hintTrack({ type, codec }: Stream): StreamDecision | undefined {
  if (type !== 'data' || !HINTS.has(codec)) return undefined;
  return dropped(
    'its hints, by which a server sends the film, point at samples of the source, which are others in the rendition',
  );
}
