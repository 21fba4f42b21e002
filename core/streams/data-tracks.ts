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

const SENT = 'its hints, by which a server sends the film';
const RECEIVED = 'its hints, by which packets of the film are known as they were received';

/** Hints of ISO/IEC 14496-12 (9.1 and 9.4), in the clear and encrypted: for a server that sends the film, and of what was received. */
const HINTS: Readonly<Record<string, string>> = { rtp: SENT, srtp: SENT, rrtp: RECEIVED, rsrp: RECEIVED };

/** Decides a track of hints of an MP4 or MOV, which quote another track by the bytes of its samples; undefined for other streams. */
export function hintTrack({ type, codec }: Stream): StreamDecision | undefined {
  const hints = type === 'data' ? HINTS[codec] : undefined;
  return hints === undefined
    ? undefined
    : dropped(`${hints}, point at samples of the source, which are others in the rendition`);
}
