import { ffmpegPreamble } from '../ffmpeg-preamble.ts';

/** A text subtitle of a source, and the file that it is written to. */
export type TextOutput = { readonly stream: number; readonly isWebVtt: boolean; readonly output: string };

/**
 * ffmpeg's arguments that write text subtitles of a source as WebVTT, by one reading of the source. WebVTT is copied, since
 * ffmpeg would decode its escaped characters and not escape them again. The times are the source's: with an offset that brings a text
 * before 0, ffmpeg would move all of them.
 */
export function textArgs(input: readonly string[], texts: readonly TextOutput[]): string[] {
  return [
    [...ffmpegPreamble({ acceptsErrors: true }), '-y'],
    input,
    texts.flatMap(({ stream, isWebVtt, output }) => [
      ...['-map', `0:${stream}`, '-map_metadata', '-1', '-c:s', isWebVtt ? 'copy' : 'webvtt'],
      ...['-fflags', '+bitexact', '-f', 'webvtt', `file:${output}`],
    ]),
  ].flat();
}
