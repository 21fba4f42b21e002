import { ffmpegPreamble } from '../ffmpeg-preamble.ts';
import { SOUND_SEGMENT_SECONDS } from '../film/fragments.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { streamArgs } from './join-args.ts';

/** A sound that is written to a file of its own; `offsetSeconds` is added to the source's times. */
type SoundOutput = { readonly plan: StreamPlan; readonly output: string; readonly offsetSeconds: number };

/** ffmpeg's arguments that write a sound of a source to a fragmented MP4 without any other track or metadata. */
export function soundFileArgs(input: readonly string[], { plan, output, offsetSeconds }: SoundOutput): string[] {
  return [
    [...ffmpegPreamble({ acceptsErrors: true }), '-y'],
    offsetSeconds === 0 ? [] : ['-itsoffset', offsetSeconds.toFixed(9)],
    input,
    ['-map', `0:${plan.stream.index}`, '-map_metadata', '-1', '-map_chapters', '-1'],
    streamArgs(plan, 0, { fragmentSeconds: SOUND_SEGMENT_SECONDS, sourceOffsetSeconds: offsetSeconds }),
    ['-movflags', '+cmaf+delay_moov+skip_trailer', '-use_editlist', '1'],
    ['-frag_duration', `${SOUND_SEGMENT_SECONDS * 1e6}`, '-strict', 'experimental'],
    ['-fflags', '+bitexact', '-f', 'mp4', `file:${output}`],
  ].flat();
}
