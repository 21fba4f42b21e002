import { ffmpegPreamble } from '../ffmpeg-preamble.ts';
import { SOUND_SEGMENT_SECONDS } from '../film/fragments.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { type DecodedInput, decodedInput } from './decoded-input.ts';
import { streamArgs } from './join-args.ts';

/** A sound that is written to a file of its own; `offsetSeconds` is added to the source's times. */
type SoundOutput = {
  readonly plan: StreamPlan;
  readonly output: string;
  readonly offsetSeconds: number;
  /** The sound, if it was decoded first. */
  readonly decoded?: DecodedInput | undefined;
};

/** ffmpeg's arguments that write a sound of a source to a fragmented MP4 without any other track or metadata. */
export function soundFileArgs(
  input: readonly string[],
  { plan, output, offsetSeconds, decoded }: SoundOutput,
): string[] {
  const late = offsetSeconds === 0 ? [] : ['-itsoffset', offsetSeconds.toFixed(9)];
  return [
    [...ffmpegPreamble({ acceptsErrors: true }), '-y'],
    decoded ? decodedInput(decoded, offsetSeconds) : [...late, ...input],
    ['-map', `0:${decoded ? 0 : plan.stream.index}`, '-map_metadata', '-1', '-map_chapters', '-1'],
    streamArgs(plan, 0, { fragmentSeconds: SOUND_SEGMENT_SECONDS, sourceOffsetSeconds: offsetSeconds }),
    ['-movflags', '+cmaf+delay_moov+skip_trailer', '-use_editlist', '1'],
    ['-frag_duration', `${SOUND_SEGMENT_SECONDS * 1e6}`, '-strict', 'experimental'],
    ['-fflags', '+bitexact', '-f', 'mp4', `file:${output}`],
  ].flat();
}
