import type { Container, Delivery } from '../settings/delivery.ts';
import type { StreamPlan } from './stream-plan.ts';

/** The name of the check of a copied stream, by which it is known what to make another way. */
export const copyCheckOf = (stream: number) => `stream ${stream} is copied bit for bit`;

/** The numbers of the streams that are to be in the file with the picture. */
export const streamsWithPicture = (plans: readonly StreamPlan[], main: number): ReadonlySet<number> =>
  new Set(plans.flatMap(({ stream: { index }, codecArgs }) => (codecArgs && index !== main ? [index] : [])));

type Wanted = { readonly delivery: Delivery; readonly container: Container };

/**
 * A stream that did not come out as it should: sound that was copied is decoded and encoded, what was converted or is no
 * sound stays out of the file. Where a recipe has sidecars, its packets lie in one as they were.
 */
export function anotherWay(plan: StreamPlan, { delivery }: Wanted): StreamPlan {
  const { stream, codecArgs } = plan;
  if (!codecArgs) return plan;
  const hasSidecars = delivery === 'archive' || delivery === 'edit';
  const sidecar = hasSidecars ? (plan.sidecar ?? sidecarOf(plan)) : undefined;
  const beside = sidecar ? ', its packets are in the sidecar' : '';
  const { withoutFirst: _, ...rest } = plan;
  if (stream.type === 'audio' && codecArgs[0] === 'copy')
    return {
      ...rest,
      fate: 'converted',
      why: `it did not come out as it was when copied: converted${beside}`,
      codecArgs: encoderFor(plan, delivery),
      sidecar,
    };
  const why = `it did not come out as it should in the film${sidecar ? beside : '; it stays in the source'}`;
  return { ...rest, fate: sidecar ? 'kept' : 'dropped', why, codecArgs: undefined, sidecar };
}

function encoderFor({ stream }: StreamPlan, delivery: Delivery): readonly string[] {
  if (delivery === 'edit' || delivery === 'stage') return ['pcm_s24le'];
  const channels = Math.max(1, Math.min(stream.audio?.channels ?? 2, 6));
  return ['aac', '-b', `${96_000 * channels}`, '-ac', `${channels}`];
}

function sidecarOf({ stream: { index, type, codec } }: StreamPlan): NonNullable<StreamPlan['sidecar']> {
  if (type === 'attachment') return { name: `stream-${index}.bin`, format: 'attachment' };
  if (type === 'subtitle' && codec === 'mov_text') return { name: `stream-${index}.srt`, format: 'srt' };
  const extension = { audio: 'mka', subtitle: 'mks', video: 'mkv', data: 'bin' }[type];
  return { name: `stream-${index}.${extension}`, format: type === 'data' ? 'data' : 'matroska' };
}
