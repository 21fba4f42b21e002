import type { LastPacket } from '../bytes/opus-end.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { pictureFirst } from '../streams/stream-plan.ts';

/** Returns the last packets of Opus that is copied, where a part of them is an encoder's padding, by the places of the tracks. */
export const opusEnds = (tracks: readonly StreamPlan[]): ReadonlyMap<number, LastPacket> =>
  new Map(
    tracks.flatMap(({ stream: { codec, audio }, codecArgs }, place) =>
      codec === 'opus' && codecArgs?.[0] === 'copy' && audio?.lastPacket ? [[place, audio.lastPacket] as const] : [],
    ),
  );

/** Returns these packets by the places of the tracks of an MP4, in which covers are no tracks. */
export function opusEndsInMovie(plans: readonly StreamPlan[], mainStream: number): ReadonlyMap<number, LastPacket> {
  const tracks = plans.filter((plan) => plan.codecArgs && !plan.stream.video?.isAttachedPicture);
  return opusEnds(pictureFirst(tracks, mainStream));
}
