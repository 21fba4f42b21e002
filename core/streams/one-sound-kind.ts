import { changeInWords } from '../film/changing-sound.ts';
import { type Container, type Delivery, hasSidecars } from '../settings/delivery.ts';
import { encoderFor, losesHeaders, sidecarOf } from './another-way.ts';
import { layoutOf, pcmFor, USUAL_LAYOUTS } from './lossless-sound.ts';
import type { StreamPlan } from './stream-plan.ts';

type WantedKind = { readonly delivery: Delivery; readonly container?: Container };

/**
 * Returns the plans. AAC whose format changes midway is decoded, because a copy would lose the headers of its packets, and a container
 * describes it once for all of it. Packets of other codecs say in any container of which format they are, so their copies stay. The line
 * of every changing sound that is decoded says from what to what it changes.
 */
export const withOneSoundKind = (plans: readonly StreamPlan[], wanted: WantedKind): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { stream, codecArgs } = plan;
    const sidecar = plan.sidecar && losesHeaders(stream) ? sidecarOf(plan) : plan.sidecar;
    const change = changeInWords(stream);
    if (change === undefined || !codecArgs) return { ...plan, sidecar };
    const becomes = `${change}, so all of it is ${kindInWords(plan)}`;
    if (codecArgs[0] !== 'copy') return { ...plan, sidecar, why: `${plan.why}; ${becomes}` };
    if (!losesHeaders(stream)) return plan;
    const beside = hasSidecars(wanted.delivery) ? sidecarOf(plan) : undefined;
    const encoded = { ...plan, codecArgs: argsFor(plan, wanted) };
    return {
      ...encoded,
      fate: 'converted',
      why: `${change}, which no copy of its packets would tell, so all of it is ${nameOf(encoded)} of ${kindInWords(encoded)}${beside ? '; its packets are in the sidecar' : ''}`,
      sidecar: beside,
    };
  });

function argsFor(plan: StreamPlan, wanted: WantedKind): readonly string[] {
  if (wanted.delivery === 'edit' || wanted.delivery === 'live') return [pcmFor(plan.stream).encoder];
  return encoderFor(plan, wanted);
}

const nameOf = ({ codecArgs: [encoder = ''] = [] }: StreamPlan): string =>
  encoder.startsWith('pcm_') ? 'PCM' : encoder === 'libopus' ? 'Opus' : encoder.toUpperCase();

/** A sound as it is decoded: all of it is brought to this before anything else is done to it. */
export type DecodedKind = {
  readonly layout: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Whether its samples are floating point, as those of lossy sound are, so that mixing channels cuts no peaks. */
  readonly isFloat: boolean;
};

/**
 * Returns the format to which a sound that changes midway is decoded: with the channels of the rendition, so that each part is mixed by
 * itself and none is quieter for the channels of another. Undefined for sound that does not change, and is decoded as it begins.
 */
export function decodedKind({ stream, codecArgs = [] }: StreamPlan): DecodedKind | undefined {
  const { audio } = stream;
  if (!audio?.changes) return undefined;
  const asked = codecArgs.indexOf('-ac');
  const channels = asked < 0 ? audio.channels : Number(codecArgs[asked + 1]);
  const layout = channels === audio.channels ? layoutOf(audio) : (USUAL_LAYOUTS[channels] ?? 'stereo');
  return { layout, channels, sampleRate: audio.sampleRate, isFloat: /^(flt|dbl)/.test(audio.sampleFormat) };
}

function kindInWords(plan: StreamPlan): string {
  const { layout, sampleRate } = decodedKind(plan) ?? { layout: 'unknown', sampleRate: 0 };
  return `${layout} at ${sampleRate} Hz`;
}

/** Returns ffmpeg's filters that bring every part of a sound to one kind. */
export const kindFilters = ({ layout, sampleRate, isFloat }: DecodedKind): string =>
  `aformat=sample_rates=${sampleRate}:channel_layouts=${layout}:sample_fmts=${isFloat ? 'flt' : 's32'}`;

/** Returns the filter that names the channels of a decoded sound again, of which its file only tells the number. */
export function namedChannels(plan: StreamPlan): readonly string[] {
  const { audio } = plan.stream;
  const kind = decodedKind(plan) ?? (audio && { channels: audio.channels, layout: layoutOf(audio) });
  if (!plan.decodedFirst || !kind || USUAL_LAYOUTS[kind.channels] === kind.layout) return [];
  if (audio?.channelLayout === undefined) return [];
  const map = Array.from({ length: kind.channels }, (_, i) => `${i}`).join('|');
  return [`channelmap=map=${map}:channel_layout=${kind.layout}`];
}
