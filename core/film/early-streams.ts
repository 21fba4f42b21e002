import { toNumber } from '../units.ts';
import { isMatroska, isMovie, type Probe, type Stream } from './probe.ts';

/**
 * Returns the probe of a Matroska, MP4 or MOV of which a stream begins before the time that ffmpeg takes for the file's start, with that
 * time. Of a Matroska ffmpeg (libavformat/demux.c) does not tell when a picture begins of which it has too few packets to know their decoding times: fewer
 * than 7 of H.264 (`has_decode_delay_been_guessed`), and no more than its delay of others. It then takes the start of the other streams
 * for both. Of all it leaves out subtitles that begin more than a second before all else (`update_stream_timings`), which would be shown
 * before the film. `firstTicks` has the time of each picture's first frame.
 */
export function withEarlyStreams(probe: Probe, firstTicks: (stream: number) => number | undefined): Probe {
  if (!isMatroska(probe) && !isMovie(probe)) return probe;
  const begins = new Map(
    probe.streams.flatMap((stream) => {
      const begin = isMovie(probe) ? beginOfText(stream) : beginOf(stream, firstTicks);
      return begin === undefined ? [] : [[stream.index, begin] as const];
    }),
  );
  const startSeconds = Math.min(probe.startSeconds, ...begins.values());
  if (startSeconds === probe.startSeconds) return probe;
  return {
    ...probe,
    startSeconds,
    access: { earlySeconds: probe.startSeconds - startSeconds },
    streams: probe.streams.map((stream) => ({
      ...stream,
      startSeconds: begins.get(stream.index) ?? stream.startSeconds,
    })),
  };
}

/** When a moving picture or a subtitle begins, in seconds rounded to microseconds, as ffprobe's times are. */
function beginOf(stream: Stream, firstTicks: (stream: number) => number | undefined): number | undefined {
  const { index, type, video, timeBase, startSeconds } = stream;
  if (type === 'subtitle') return startSeconds;
  const ticks = video && !video.isAttachedPicture ? firstTicks(index) : undefined;
  return ticks === undefined ? undefined : Math.round(ticks * toNumber(timeBase) * 1e6) / 1e6;
}

/** When a subtitle of a movie begins: what lies before 0 is hidden by its edit list. */
const beginOfText = ({ type, startSeconds }: Stream): number | undefined =>
  type === 'subtitle' && startSeconds !== undefined ? Math.max(0, startSeconds) : undefined;
