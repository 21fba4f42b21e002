import { groupStart, orderByTimes } from '../../core/film/decoding-order.ts';
import { presentationTimes } from '../../core/film/frame-index.ts';
import type { CaptionSource } from '../../core/ports/sidecars.ts';
import { hasGroups, spreadOverGroups } from '../../core/subtitles/group-captions.ts';
import type { CaptionBytes } from '../../core/subtitles/read-captions.ts';
import { toNumber } from '../../core/units.ts';
import { decodedOrder } from '../probe/decoded-order.ts';

/** ffprobe tells the order of pictures whose packets have no times. */
export type CaptionTools = { readonly ffmpeg: string; readonly ffprobe: string };

/** Whether only decoding told the times of the pictures: then a picture is known by its number. */
export const isNumbered = ({ index }: CaptionSource): boolean => index.from === 'frames';

/**
 * Returns the captions inside a picture's packets with the times of the pictures to which they belong, in seconds from the file's start.
 * Where pictures are known by their numbers, the times of `packets` are these; captions of a whole group of pictures are spread over it.
 */
export async function atTheirPictures(
  tools: CaptionTools,
  { packets, source }: { readonly packets: Iterable<CaptionBytes>; readonly source: CaptionSource },
  signal: AbortSignal,
): Promise<readonly CaptionBytes[]> {
  const timed = [...(isNumbered(source) ? withTimes(packets, source) : packets)];
  if (!hasGroups(timed)) return timed;
  const { index } = source;
  const order = isNumbered(source) ? await decodedOrder(tools, source, signal) : orderByTimes(index.pts, index.flags);
  return spreadOverGroups(timed, (seconds) => groupStart(seconds, index, order));
}

/** Packets whose times are the numbers of their pictures, in seconds, with the times of these. */
function* withTimes(packets: Iterable<CaptionBytes>, { index }: CaptionSource): Generator<CaptionBytes> {
  const times = presentationTimes(index);
  const tick = toNumber(index.timeBase);
  for (const { seconds, data } of packets) {
    const time = times[Math.round(seconds)];
    if (time !== undefined) yield { seconds: time * tick, data };
  }
}

/** When the last caption of a film ends: with the film. Of a film of decoded pictures the last is shown as long as the one before it. */
export function endOfPictures(source: CaptionSource): number | undefined {
  const { index, probe } = source;
  if (!isNumbered(source)) return probe.durationSeconds;
  const times = presentationTimes(index);
  const [before = 0, last = 0] = times.subarray(-2);
  return (times.length < 2 ? before : 2 * last - before) * toNumber(index.timeBase);
}
