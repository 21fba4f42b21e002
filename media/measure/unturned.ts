import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { ComparedFile } from '../../core/quality/compare-args.ts';
import { inputArguments, steadyInput } from '../probe/input-arguments.ts';
import type { Tool } from '../tools/toolbox.ts';

/** From this version on ffmpeg obeys `-reinit_filter 0` where a picture says that it is turned, and the one before it does not. */
const OBEYS_SINCE = 7;
/** The bitstream filters that remove the messages which turn a picture (display orientation, H.264 D.1.26 and H.265 D.2.17). */
const WITHOUT_TURNS: Readonly<Record<string, string>> = {
  h264: 'h264_metadata=display_orientation=remove',
  hevc: 'filter_units=remove_types=39',
};

/**
 * Returns how a source is read of which some pictures say that they are turned, where this ffmpeg would begin its filters anew
 * at each of them and lose count of the frames: through a pipe, as the same packets without those messages. Undefined for any
 * other source.
 */
export function unturned(source: Source, { version }: Pick<Tool, 'version'>): ComparedFile['piped'] {
  const { codec = '', video } = source.probe.streams.find(({ index }) => index === source.stream) ?? {};
  const filter = WITHOUT_TURNS[codec];
  const isTurned = video?.turnedInPictures ?? video?.anglesInPictures;
  const major = Number(/^n?(\d+)\./.exec(version)?.[1]); // a build of no release is a new one
  if (!isTurned || filter === undefined || !(major < OBEYS_SINCE)) return undefined;
  return {
    packets: [
      ...ffmpegPreamble({ acceptsErrors: true }),
      ...[...inputArguments(source.path), '-map', `0:${source.stream}`],
      ...['-c', 'copy', '-bsf:v', filter, '-f', 'nut', 'pipe:1'],
    ],
    input: [...steadyInput(source), '-flags', '+unaligned', '-f', 'nut', '-i', 'pipe:0'],
  };
}
