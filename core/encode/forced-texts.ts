import { characteristicBoxes } from '../description/media-characteristics.ts';
import type { MetadataBox } from '../description/metadata.ts';
import { ALL_FORCED, type TrackHeader, type WantedHeaders } from '../description/movie-headers.ts';
import type { Stream } from '../film/probe.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/**
 * Adds to the headers of an MP4 or MOV that its forced subtitles are forced: players of Apple and editors read that from the description of
 * the samples, and not from the role of the track, which ffmpeg writes into MP4.
 */
export function withForcedTexts(
  headers: WantedHeaders,
  {
    plans,
    mainStream,
    container,
  }: { readonly plans: readonly StreamPlan[]; readonly mainStream: number; readonly container: Container },
): WantedHeaders {
  if (isInMatroska(container)) return headers;
  const forced = [...tracksBeside(plans, mainStream)].flatMap(
    ([number, { type, dispositions }]): readonly [number, Partial<TrackHeader>][] =>
      type === 'subtitle' && dispositions.includes('forced')
        ? [[number, { ...headers.get(number), display: ALL_FORCED }]]
        : [],
  );
  return new Map([...headers, ...forced]);
}

/** The streams beside the picture, by the numbers of their tracks in an MP4 or MOV. */
export const tracksBeside = (plans: readonly StreamPlan[], mainStream: number): ReadonlyMap<number, Stream> =>
  new Map(
    plans
      .filter(({ stream, codecArgs }) => stream.index !== mainStream && codecArgs && !stream.video?.isAttachedPicture)
      .map(({ stream }, i) => [i + 1, stream]),
  );

/**
 * Returns the boxes that describe a film, with those that say what its tracks are for: in MOV all that QuickTime has a word for, in MP4
 * what is original, since ffmpeg writes the others as roles.
 */
export const withMarksOfTracks = (
  boxes: readonly MetadataBox[],
  {
    plans,
    mainStream,
    container,
  }: { readonly plans: readonly StreamPlan[]; readonly mainStream: number; readonly container: Container },
): readonly MetadataBox[] => [
  ...boxes,
  ...characteristicBoxes(tracksBeside(plans, mainStream), boxes, (mark) => container === 'mov' || mark === 'original'),
];
