import type { Stream } from '../film/probe.ts';
import { type Container, type Delivery, hasSidecars } from '../settings/delivery.ts';
import { aacArgs, MOST_RUNG_CHANNELS } from './delivered-streams.ts';
import { opusArgs } from './opus-sound.ts';
import type { StreamPlan } from './stream-plan.ts';
import { sidecarName } from './track-marks.ts';

/** Returns the name of a copied stream's check; a failed check tells which stream is made another way. */
export const copyCheckOf = (stream: number) => `stream ${stream} is copied bit for bit`;

/** Returns the name of the check of a track that is copied as a whole. */
export const trackCheckOf = (stream: number) => `data of stream ${stream} is copied with its times`;

/** Returns the name of the check of when the texts of a stream are shown. */
export const textCheckOf = (stream: number) => `subtitles of stream ${stream} are at their times`;

/** Returns the indexes of the streams that are written into the rendition beside its picture. */
export const streamsWithPicture = (plans: readonly StreamPlan[], main: number): ReadonlySet<number> =>
  new Set(
    plans.flatMap(({ stream: { index }, codecArgs, track }) => ((codecArgs || track) && index !== main ? [index] : [])),
  );

/**
 * Returns the streams that may be why a film could not be joined: its subtitles that are encoded, since an encoder refuses words that it
 * has no room for; where there are none, all beside its picture, whose number stands for its timecode.
 */
export function streamsOfFailedJoin(
  { plans, timecode }: { readonly plans: readonly StreamPlan[]; readonly timecode: string | undefined },
  main: number,
): ReadonlySet<number> {
  const texts = plans.flatMap(({ stream: { index, type }, codecArgs }) =>
    type === 'subtitle' && codecArgs && codecArgs[0] !== 'copy' ? [index] : [],
  );
  if (texts.length > 0) return new Set(texts);
  return new Set([...streamsWithPicture(plans, main), ...(timecode === undefined ? [] : [main])]);
}

/** Returns the plans, where these streams, and all sound that changes midway, are decoded into a file before they are filtered. */
export const withDecodedFirst = (plans: readonly StreamPlan[], streams?: ReadonlySet<number>): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs } = plan;
    const isChanging = stream.audio?.changes !== undefined && codecArgs !== undefined && codecArgs[0] !== 'copy';
    return isChanging || streams?.has(stream.index) ? { ...plan, decodedFirst: true } : plan;
  });

/**
 * Returns the second plan for a stream whose check failed: copied sound is decoded and encoded, any other stream stays out of
 * the rendition. Recipes with sidecars keep the stream's packets in a sidecar.
 */
export function anotherWay(plan: StreamPlan, wanted: DeliveryWanted): StreamPlan {
  const { delivery } = wanted;
  const { stream, codecArgs, track, ...decided } = plan;
  if (track) {
    const why = 'its track could not be copied: its packets without their times are in the sidecar';
    return { ...decided, stream, why, codecArgs, sidecar: sidecarOf(plan) };
  }
  if (!codecArgs) return plan;
  const sidecar = hasSidecars(delivery) ? (plan.sidecar ?? sidecarOf(plan)) : undefined;
  const beside = sidecar ? ', its packets are in the sidecar' : '';
  const { withoutFirst: _, ...rest } = plan;
  if (stream.type === 'audio' && codecArgs[0] === 'copy')
    return {
      ...rest,
      fate: 'converted',
      why: `the rendition could not be made with a copy of it: converted${beside}`,
      codecArgs: encoderFor(plan, wanted),
      sidecar,
    };
  const why = `it was not as it should be in the rendition${sidecar ? beside : '; it stays in the source'}`;
  return { ...rest, fate: sidecar ? 'kept' : 'dropped', why, codecArgs: undefined, sidecar };
}

type DeliveryWanted = { readonly delivery: Delivery; readonly container?: Container };

/** Returns ffmpeg's arguments by which a sound that cannot be copied is encoded for a delivery. */
export function encoderFor({ stream }: StreamPlan, { delivery, container }: DeliveryWanted): readonly string[] {
  if (container === 'webm') return opusArgs(stream);
  if (delivery === 'edit' || delivery === 'live') return ['pcm_s24le'];
  return aacArgs(stream, delivery === 'stream' ? MOST_RUNG_CHANNELS : undefined);
}

/** Whether the format of a sound changes midway, and only its own headers or descriptions say so, which Matroska and MP4 take away. */
export const losesHeaders = (stream: Stream): boolean => stream.audio?.changes !== undefined && stream.codec === 'aac';

/** Returns the sidecar that keeps a stream's packets. */
export function sidecarOf({ stream }: StreamPlan): NonNullable<StreamPlan['sidecar']> {
  const { type, codec } = stream;
  if (type === 'attachment') return { name: sidecarName(stream, 'bin'), format: 'attachment' };
  if (type === 'subtitle' && codec === 'mov_text') return { name: sidecarName(stream, 'srt'), format: 'srt' };
  if (losesHeaders(stream)) return { name: sidecarName(stream, 'aac'), format: 'adts' };
  const extension = { audio: 'mka', subtitle: 'mks', video: 'mkv', data: 'bin' }[type];
  return { name: sidecarName(stream, extension), format: type === 'data' ? 'data' : 'matroska' };
}
