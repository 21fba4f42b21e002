import * as z from 'zod';
import { ServiceError } from '../../core/errors.ts';
import { mainVideo, type Probe, type Stream, type Unusable } from '../../core/film/probe.ts';
import type { Scrambled } from '../structure/ts-scrambling.ts';

/** ffprobe's JSON: in a transport stream, ids are PIDs. */
const ids = z.object({ streams: z.array(z.object({ index: z.int(), id: z.string().optional() })) });

/** Scrambled streams of a transport stream. Recorders leave the mark on what they decrypted: so what decodes from the first is clear. */
export function scrambledStreams(
  file: unknown,
  scrambled: Scrambled | undefined,
  undecodable: ReadonlyMap<number, Unusable>,
): ReadonlyMap<number, Unusable> {
  const found = scrambled ? ids.safeParse(file) : undefined;
  return new Map(
    (found?.data?.streams ?? []).flatMap(({ index, id }) => {
      const when = scrambled?.get(Number(id));
      const isScrambled = when === 'later' || (when !== undefined && undecodable.has(index));
      return isScrambled
        ? [[index, { is: 'encrypted', why: `it is encrypted (PID ${id} is scrambled)` }] as const]
        : [];
    }),
  );
}

export const withUnusable = (probe: Probe, unusable: ReadonlyMap<number, Unusable>): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const is = unusable.get(stream.index);
    return is ? { ...stream, unusable: is } : stream;
  }),
});

/**
 * Throws `bad-input` where there are moving pictures and none decodes; and where sound is encrypted and none is clear. A
 * transport stream holds whole programs, of which some may be encrypted: others count then.
 */
export function refuseUnusable(probe: Probe): void {
  const pictures = probe.streams.filter(({ video }) => video && !video.isAttachedPicture);
  if (pictures.length > 0 && !mainVideo(probe)) throw refusal(pictures, 'nothing of its picture can be shown');
  const sounds = probe.streams.filter(({ type }) => type === 'audio');
  const isEncrypted = sounds.some(({ unusable }) => unusable?.is === 'encrypted');
  if (isEncrypted && sounds.every(({ unusable }) => unusable))
    throw refusal(sounds, 'nothing of its sound can be heard');
}

function refusal(streams: readonly Stream[], what: string): ServiceError {
  const told = streams.find(({ unusable }) => unusable?.is === 'encrypted') ?? streams[0];
  return new ServiceError('bad-input', `${what}: ${told?.unusable?.why}`, { stream: told?.index });
}
