/** This much is added to every time, in seconds, since NUT has no time before 0 and sound may begin before the file's start. */
export const LATER_SECONDS = 1000;

/**
 * ffmpeg's arguments that write one sound as NUT into a pipe, each packet with its own time. Where packets overlap, ffmpeg would move the
 * later one behind the other, since the times at which packets are decoded must rise (`mux_packet` in ffmpeg.c); so these are counted, and
 * the times at which they are heard stay as they are. The index of such a file could not be written.
 */
export const soundOutput = (pipe = 1): readonly string[] => [
  ...['-output_ts_offset', `${LATER_SECONDS}`, '-bsf:a', 'setts=dts=N'],
  ...['-write_index', '0', '-f', 'nut', `pipe:${pipe}`],
];
