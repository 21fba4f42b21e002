import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Probe, VideoFacts } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { PipedFile } from '../../core/quality/compare-args.ts';
import { pictureInput } from '../probe/input-arguments.ts';

/** Formats that FFV1 holds as they are. It has none of full range by name, as yuvj420p. */
const HELD = /^(yuv4(20|22|44)p(10le|12le)?|gray(10le|12le)?)$/;

/**
 * Whether a film is only measured by an ffmpeg that reads it itself. A widespread static build of 7.0.2 crashes on any MPEG-TS that
 * carries a service description, so that other ffmpegs get its frames from the one that makes the renditions.
 */
export const isReadByOne = ({ format }: Pick<Probe, 'format'>): boolean => format === 'mpegts';

/** Whether the frames of a picture reach another ffmpeg as they are. A picture that says it is turned begins the filters anew there. */
export const canBePiped = ({ pixelFormat, shapes, turnedInPictures, anglesInPictures }: VideoFacts): boolean =>
  HELD.test(pixelFormat) && !(shapes ?? turnedInPictures ?? anglesInPictures);

/** Returns how the frames of a source are read through a pipe from this ffmpeg, each with its colours and the order of its fields. */
export const pipedFrames = (source: Source, program: string): PipedFile => ({
  program,
  packets: [
    ...[...ffmpegPreamble({ acceptsErrors: true }), '-noautorotate', ...pictureInput(source)],
    ...['-map', `0:${source.stream}`, '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-c:v', 'ffv1', '-level', '3', '-g', '1', '-f', 'matroska', 'pipe:1'],
  ],
  input: ['-protocol_whitelist', 'pipe', '-f', 'matroska', '-flags', '+unaligned', '-i', 'pipe:0'],
});
