import type { MetadataFate } from '../description/metadata.ts';
import { emphasisName } from '../film/emphasis.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** Returns a line for each sound that is stored with emphasis. */
export const emphasisFates = (plans: readonly StreamPlan[], container: Container): readonly MetadataFate[] =>
  plans.flatMap((plan): readonly MetadataFate[] => {
    const { audio, index } = plan.stream;
    if (!audio?.emphasis || plan.fate === 'dropped') return [];
    const line = { place: `track ${index}`, name: 'emphasis' };
    const why = whyLost(plan, container);
    if (why !== undefined) return [{ ...line, fate: 'dropped', why }];
    const holder = audio.emphasis.isInPackets ? 'its packets say it' : 'the track has its mark';
    return [{ ...line, fate: 'kept', why: `${holder}: ${emphasisName(audio.emphasis)}` }];
  });

/** Says of each sound whose emphasis a rendition does not state that players will play too much treble. */
export const emphasisTold = (plans: readonly StreamPlan[], container: Container): readonly string[] =>
  plans.flatMap((plan) => {
    const { audio, index } = plan.stream;
    const why = audio?.emphasis && plan.fate !== 'dropped' && whyLost(plan, container);
    if (!audio?.emphasis || !why) return [];
    const name = emphasisName(audio.emphasis);
    return [`sound of stream ${index} is stored with emphasis (${name}) and plays with too much treble: ${why}`];
  });

function whyLost({ stream, codecArgs }: StreamPlan, container: Container): string | undefined {
  const { emphasis } = stream.audio ?? {};
  const isCopied = codecArgs === undefined || codecArgs[0] === 'copy';
  if (emphasis?.isInPackets) return isCopied ? undefined : 'it is encoded again, and only its old packets said so';
  if (codecArgs === undefined) return 'its sidecar has no mark for it';
  return container === 'mkv' ? undefined : 'only Matroska has a mark for it; container=mkv keeps it';
}
