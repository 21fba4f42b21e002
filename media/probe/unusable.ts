import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import { mainVideo, type Probe, type Stream, type Unusable } from '../../core/film/probe.ts';
import type { Scrambled } from '../structure/ts-scrambling.ts';

/** The part of ffprobe's JSON with stream ids, which are PIDs in a transport stream. */
const ids = z.object({ streams: z.array(z.object({ index: z.int(), id: z.optional(z.string()) })) });

/** Returns the scrambled streams of a transport stream. Some recorders decrypt but leave the mark, so a stream that decodes from its first packet is clear. */
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
 * Throws `bad-input` where the file has moving pictures and none decodes, or where a sound is encrypted and no other sound
 * can be used. A transport stream may hold several programs of which only some are encrypted.
 */
export function refuseUnusable(probe: Probe): void {
  const pictures = probe.streams.filter(({ video }) => video && !video.isAttachedPicture);
  if (pictures.length > 0 && !mainVideo(probe)) throw refusal(pictures, 'nothing of its picture can be shown');
  const sounds = probe.streams.filter(({ type }) => type === 'audio');
  const isEncrypted = sounds.some(({ unusable }) => unusable?.is === 'encrypted');
  if (isEncrypted && sounds.every(({ unusable }) => unusable))
    throw refusal(sounds, 'nothing of its sound can be heard');
}

/** What a picture's first decoded frame says of fields. */
const fieldsOfFrame = z.object({ interlaced_frame: z.literal(1), top_field_first: z.optional(z.int()) });

/**
 * Throws `bad-input` for HEVC that is coded in fields (field_seq_flag, H.265 E.3.1): ffmpeg's decoder gives each field as a frame of half
 * the height. It calls no other frame of HEVC interlaced.
 */
export function refuseCodedFields(picture: Stream | undefined, firstFrame: unknown): void {
  const fields = picture?.codec === 'hevc' ? fieldsOfFrame.safeParse(firstFrame) : undefined;
  if (!fields?.success) return;
  const first = fields.data.top_field_first === 0 ? 'bottom' : 'top';
  const how = `ffmpeg -i SOURCE -map 0 -c copy -c:v ffv1 -filter:v weave=first_field=${first} NEW.mkv`;
  throw new ServiceError(
    'bad-input',
    `its HEVC is coded in fields, each of which comes as a picture of half the height; weave them first: ${how}`,
    { stream: picture?.index },
  );
}

function refusal(streams: readonly Stream[], what: string): ServiceError {
  const named = streams.find(({ unusable }) => unusable?.is === 'encrypted') ?? streams[0];
  return new ServiceError('bad-input', `${what}: ${named?.unusable?.why}`, { stream: named?.index });
}
