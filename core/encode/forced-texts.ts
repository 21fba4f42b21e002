import { ALL_FORCED, type TrackHeader, type WantedHeaders } from '../description/movie-headers.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/**
 * Adds to the headers of an MP4 that its forced subtitles are forced: players of Apple and editors read that from the description of
 * the samples, and not from the role of the track, which ffmpeg writes. MOV's older text tracks have no such mark.
 */
export function withForcedTexts(
  headers: WantedHeaders,
  {
    plans,
    mainStream,
    container,
  }: { readonly plans: readonly StreamPlan[]; readonly mainStream: number; readonly container: Container },
): WantedHeaders {
  if (container !== 'mp4') return headers;
  const inside = plans.filter(
    ({ stream, codecArgs }) => stream.index !== mainStream && codecArgs && !stream.video?.isAttachedPicture,
  );
  const forced = inside.flatMap(({ stream: { type, dispositions } }, i): readonly [number, Partial<TrackHeader>][] =>
    type === 'subtitle' && dispositions.includes('forced')
      ? [[i + 1, { ...headers.get(i + 1), display: ALL_FORCED }]]
      : [],
  );
  return new Map([...headers, ...forced]);
}
