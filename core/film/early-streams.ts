import { toNumber } from '../units.ts';
import { isMatroska, type Probe, type Stream } from './probe.ts';

/**
 * Returns the probe of a Matroska of which a stream begins before the time that ffmpeg takes for the file's start, with that time.
 * ffmpeg (libavformat/demux.c) does not tell when a picture begins of which it has too few packets to know their decoding times: fewer
 * than 7 of H.264 (`has_decode_delay_been_guessed`), and no more than its delay of others. It then takes the start of the other streams
 * for both. It also leaves out subtitles that begin more than a second before all else (`update_stream_timings`), which would be shown
 * before the film. `firstTicks` has the time of each picture's first frame.
 */
export function withEarlyStreams(probe: Probe, firstTicks: (stream: number) => number | undefined): Probe {
  if (!isMatroska(probe)) return probe;
  const begins = new Map(
    probe.streams.flatMap((stream) => {
      const begin = beginOf(stream, firstTicks);
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
function beginOf(
  { index, type, video, timeBase, startSeconds }: Stream,
  firstTicks: (stream: number) => number | undefined,
): number | undefined {
  if (type === 'subtitle') return startSeconds;
  const ticks = video && !video.isAttachedPicture ? firstTicks(index) : undefined;
  return ticks === undefined ? undefined : Math.round(ticks * toNumber(timeBase) * 1e6) / 1e6;
}
