import { ffmpegPreamble } from '../ffmpeg-preamble.ts';

/** A text subtitle of a source, and the file that it is written to. */
export type TextOutput = { readonly stream: number; readonly isWebVtt: boolean; readonly output: string };

/**
 * ffmpeg's arguments that write text subtitles of a source as WebVTT, by one reading of the source. WebVTT is copied, since
 * ffmpeg would decode its escaped characters and not escape them again.
 */
export function textArgs(input: readonly string[], texts: readonly TextOutput[], offsetSeconds: number): string[] {
  return [
    [...ffmpegPreamble({ acceptsErrors: true }), '-y'],
    offsetSeconds === 0 ? [] : ['-itsoffset', offsetSeconds.toFixed(9)],
    input,
    texts.flatMap(({ stream, isWebVtt, output }) => [
      ...['-map', `0:${stream}`, '-map_metadata', '-1', '-c:s', isWebVtt ? 'copy' : 'webvtt'],
      ...['-fflags', '+bitexact', '-f', 'webvtt', `file:${output}`],
    ]),
  ].flat();
}
