import { toNumber } from '../units.ts';
import { isMatroska, type Probe } from './probe.ts';

/**
 * Returns the probe of a Matroska whose pictures begin before the time that ffmpeg takes for the file's start. ffmpeg tells when H.264
 * begins only after it has decoded some 7 pictures (`has_decode_delay_been_guessed` in libavformat/demux.c); of a film with fewer it
 * takes the start of the other streams, for the file and for the picture. `firstTicks` has the time of each picture's first frame.
 */
export function withEarlyPictures(probe: Probe, firstTicks: (stream: number) => number | undefined): Probe {
  if (!isMatroska(probe)) return probe;
  const begins = new Map(
    probe.streams.flatMap(({ index, codec, timeBase }) => {
      const ticks = codec === 'h264' ? firstTicks(index) : undefined;
      return ticks === undefined ? [] : [[index, ticks * toNumber(timeBase)] as const];
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
