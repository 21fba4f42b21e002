import type { Access } from './probe.ts';

/**
 * ffmpeg's arguments of one more output, which holds nothing, behind all others: the stream of a source that begins first is used then.
 * From version 6.0 on ffmpeg counts the times of a container whose clock may jump (TS, PS, Ogg) from the first stream that is used
 * (`correct_input_start_times` in fftools/ffmpeg_demux.c), so that a picture and a sound that are read by themselves would both begin at 0.
 * `used` are the streams that the command uses anyway, and `input` is the number of the source among its inputs.
 */
export const countedFromStart = (access: Access, used: readonly number[], input = 0): readonly string[] =>
  typeof access === 'object' && 'firstStream' in access && !used.includes(access.firstStream)
    ? ['-map', `${input}:${access.firstStream}`, '-c', 'copy', '-f', 'null', '-']
    : [];
