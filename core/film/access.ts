/**
 * Whether a container can be read from any position, or only from its start. One with `earlySeconds` can be read from any position, and
 * begins this much earlier than the time from which ffmpeg counts. One with `firstStream` can only be read from its start, and this
 * stream of it begins before others. One with `probedBytes` can only be read from its start, too, and ffmpeg has to look through so many
 * bytes of it to know its streams.
 */
export type Access =
  | 'indexed'
  | 'sequential'
  | { readonly earlySeconds: number }
  | { readonly firstStream: number; readonly probedBytes?: number }
  | { readonly probedBytes: number };

/** Whether a container can be read only from its start. */
export const isSequential = (access: Access): boolean =>
  access === 'sequential' || (typeof access === 'object' && !('earlySeconds' in access));

/** Returns how a container is read of which ffmpeg has to look through so many bytes; as before where it does not. */
export const withProbedBytes = (access: Access, probedBytes: number | undefined): Access =>
  probedBytes === undefined || !isSequential(access)
    ? access
    : { ...(typeof access === 'object' && 'firstStream' in access && access), probedBytes };

/** How many bytes of a file ffmpeg has to look through to know its streams; undefined where it finds them as near as in any other. */
export const probedBytesOf = (access: Access): number | undefined =>
  typeof access === 'object' && 'probedBytes' in access ? access.probedBytes : undefined;

/**
 * Returns how a file of this format (ffmpeg's name of its demuxer) can be read: MP4 and Matroska by their index, others from the start.
 * `startSeconds` is when ffmpeg says that the file begins, and `begins` when it says that each stream of a known type does.
 */
export function accessOf(
  format: string,
  startSeconds: number | undefined,
  begins: readonly { readonly index: number; readonly seconds: number | undefined }[],
): Access {
  if (/^(mov|matroska)/.test(format)) return 'indexed';
  if (startSeconds === undefined || !/^(mpegts|mpeg|ogg)$/.test(format)) return 'sequential';
  const first = begins.find(({ seconds }) => seconds === startSeconds);
  const isAlone = begins.some(({ seconds }) => seconds !== undefined && seconds > startSeconds);
  return first && isAlone ? { firstStream: first.index } : 'sequential';
}

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
