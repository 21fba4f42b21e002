import { isPcm, type Stream } from '../film/probe.ts';
import { type Container, type Delivery, hasSidecars } from '../settings/delivery.ts';
import { encoderFor, sidecarOf } from './another-way.ts';
import { lostObjects, pcmFor } from './lossless-sound.ts';
import type { StreamPlan } from './stream-plan.ts';

type EncodedFor = { readonly delivery: Delivery; readonly container?: Container };
type HiddenSound = { readonly stream: number; readonly hiddenPackets?: number };

/** Lossless sound that ffmpeg encodes as it decodes it. */
const ENCODED_AGAIN: ReadonlySet<string> = new Set(['alac', 'flac']);

/**
 * Returns the plans. Sound is decoded and encoded where an edit list hides packets behind its beginning: decoders need them, players do
 * not let them be heard, and in a copy they would be heard.
 */
export const withoutHidden = (
  plans: readonly StreamPlan[],
  surveys: readonly HiddenSound[],
  wanted: EncodedFor,
): readonly StreamPlan[] =>
  plans.map((plan) => {
    const { hiddenPackets = 0 } = surveys.find(({ stream }) => stream === plan.stream.index) ?? {};
    const isCopy = plan.stream.type === 'audio' && plan.codecArgs?.[0] === 'copy';
    return isCopy && hiddenPackets > 0 ? { ...plan, ...decoded(plan, hiddenPackets, wanted) } : plan;
  });

function decoded(plan: StreamPlan, hidden: number, wanted: EncodedFor): Omit<StreamPlan, 'stream'> {
  const { stream } = plan;
  const [encoder = '', ...options] = argsFor(plan, wanted);
  const isExact = isExactIn(stream, encoder);
  const sidecar = isExact || !hasSidecars(wanted.delivery) ? plan.sidecar : (plan.sidecar ?? sidecarOf(plan));
  const hides = `its edit list hides ${hidden} packets between others, which would be heard in a copy`;
  const beside = sidecar ? '; all of its packets are in the sidecar' : '';
  return {
    fate: 'converted',
    why: `${hides}, so what it shows is encoded as ${nameOf(encoder)}${isExact ? ' of the same samples' : `${lostObjects(stream)}${beside}`}`,
    codecArgs: [encoder, ...options],
    sidecar,
    ...(isExact ? { isExact } : { fillsGaps: true, followsEdits: true as const }), // decoders give whole packets where an edit begins or ends in one
  };
}

function argsFor(plan: StreamPlan, wanted: EncodedFor): readonly string[] {
  const { stream } = plan;
  if (wanted.delivery !== 'stream' && (isPcm(stream) || ENCODED_AGAIN.has(stream.codec))) return [stream.codec];
  if (wanted.delivery === 'edit' || wanted.delivery === 'live') return [pcmFor(stream).encoder];
  return encoderFor(plan, wanted);
}

const isExactIn = (stream: Stream, encoder: string) =>
  encoder === stream.codec ? isPcm(stream) || ENCODED_AGAIN.has(encoder) : false;

const nameOf = (encoder: string) =>
  encoder.startsWith('pcm_') ? 'PCM' : encoder === 'libopus' ? 'Opus' : encoder.toUpperCase();
