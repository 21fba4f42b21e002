import type { Probe, Stream } from '../film/probe.ts';
import type { Decision } from './stream-plan.ts';

/** The same with the streams marked of which the file holds no packet. Attachments have none by nature. */
export const withEmptyStreams = (
  probe: Probe,
  surveys: readonly { readonly stream: number; readonly packets: number }[],
): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const packets = surveys.find((survey) => survey.stream === stream.index)?.packets;
    if (packets !== 0 || stream.type === 'attachment' || stream.unusable?.is === 'encrypted') return stream;
    return { ...stream, unusable: { is: 'empty', why: 'the file holds no packet of it' } as const };
  }),
});

/**
 * What an archive does with a stream that nothing can be made of; undefined for all others. It lies beside the film with
 * its times where Matroska takes it, else its packets alone; what is empty is dropped.
 */
export function forUnusable({ index, type, unusable }: Stream): Decision | undefined {
  if (!unusable) return undefined;
  if (unusable.is === 'empty' || unusable.is === 'encrypted') return leftOut(unusable.why);
  const isKnown = unusable.is === 'undecodable';
  const [extension, format] = isKnown ? [type === 'audio' ? 'mka' : 'mkv', 'matroska'] : ['bin', 'data'];
  return {
    fate: 'kept',
    why: `${unusable.why}; its packets${isKnown ? ' are' : ' without their times are'} in the sidecar`,
    codecArgs: undefined,
    sidecar: { name: `stream-${index}.${extension}`, format },
  };
}

/** The same of recipes that write no sidecars. */
export const leftOutUnusable = ({ unusable }: Stream): Decision | undefined =>
  unusable && leftOut(`${unusable.why}; it stays in the source`);

const leftOut = (why: string): Decision => ({ fate: 'dropped', why, codecArgs: undefined, sidecar: undefined });

/** The sound for recipes that take one: the default one, else the first, of those that decode. */
export function mainSound({ streams }: Pick<Probe, 'streams'>): Stream | undefined {
  const sounds = streams.filter(({ type, unusable }) => type === 'audio' && !unusable);
  return sounds.find(({ dispositions }) => dispositions.includes('default')) ?? sounds[0];
}
