import * as z from 'zod/mini';
import { ServiceError } from '../errors.ts';
import { mainVideo, type Probe, type Stream, type Unusable } from './probe.ts';

/** The PIDs with scrambled packets: which share of those that were looked at, and whether it is all of them, a part at the beginning or a later one. */
export type Scrambled = ReadonlyMap<number, { readonly when: 'always' | 'at first' | 'later'; readonly share: number }>;

/** The part of ffprobe's JSON with stream ids, which are PIDs in a transport stream. */
const ids = z.object({ streams: z.array(z.object({ index: z.int(), id: z.optional(z.string()) })) });

/** What is asked of a transport stream of which a part is scrambled, and which of its streams do not decode. */
type Judged = { readonly undecodable: ReadonlyMap<number, Unusable>; readonly damaged: 'accept' | undefined };

/** Returns the PID of each stream of a transport stream, by what ffprobe says of it. */
export function pidsOf(file: unknown): ReadonlyMap<number, number> {
  const { data } = ids.safeParse(file);
  return new Map(
    (data?.streams ?? []).flatMap(({ index, id }) => (id === undefined ? [] : [[index, Number(id)] as const])),
  );
}

/**
 * Returns the streams of a transport stream that cannot be used because they are scrambled. A stream that is marked all along and
 * decodes from its first packet is clear: some recorders decrypt but leave the mark. A picture that is scrambled in part can be
 * used where little of it is, or where that is accepted.
 */
export function scrambledStreams(
  { streams }: Probe,
  pids: ReadonlyMap<number, number>,
  scrambled: Scrambled | undefined,
  { undecodable, damaged }: Judged,
): ReadonlyMap<number, Unusable> {
  return new Map(
    streams.flatMap(({ index, type }) => {
      const pid = pids.get(index);
      const found = pid === undefined ? undefined : scrambled?.get(pid);
      if (!found || (found.when === 'always' && !undecodable.has(index))) return [];
      if (found.when === 'always')
        return [[index, { is: 'encrypted', why: `it is encrypted (PID ${pid} is scrambled)` }]];
      const isTaken = damaged === 'accept' || found.share <= MOST_SCRAMBLED;
      if (type === 'video' && isTaken && !undecodable.has(index)) return [];
      const why = `a part of it is encrypted (PID ${pid} is scrambled ${WHEN[found.when]}, in ${percent(found.share)} of its packets)`;
      return [[index, { is: 'encrypted', inPart: true, why }]];
    }),
  );
}

/** A film with more than this share of its picture encrypted is refused, as one is with more of its frames missing. */
const MOST_SCRAMBLED = 0.05;
const WHEN = { 'at first': 'at its beginning', later: 'later on' } as const;
const percent = (share: number) => `about ${Math.max(1, Math.round(100 * share))} %`;

/** Returns what is said of a picture that is used though a part of it is scrambled. */
export function scrambledPicture(main: Stream | undefined, pid: number | undefined, scrambled: Scrambled | undefined) {
  const found = pid === undefined ? undefined : scrambled?.get(pid);
  if (!main || !found || found.when === 'always') return [];
  return [
    `a part of its picture is encrypted (PID ${pid} is scrambled ${WHEN[found.when]}, in ${percent(found.share)} of its packets), and missing or damaged`,
  ];
}

/** Returns a probe whose streams say why they cannot be used, by their indexes. */
export const withUnusable = (probe: Probe, unusable: ReadonlyMap<number, Unusable>): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const is = unusable.get(stream.index);
    return is ? { ...stream, unusable: is } : stream;
  }),
});

/**
 * Throws `bad-input` where the file has moving pictures and none can be used, or where a sound is encrypted and no other sound
 * can be used. A transport stream may hold several programs of which only some are encrypted. Sound that is encrypted in part is
 * left out where damage is accepted.
 */
export function refuseUnusable(probe: Probe, damaged: 'accept' | undefined): void {
  const pictures = probe.streams.filter(({ video }) => video && !video.isAttachedPicture);
  if (pictures.length > 0 && !mainVideo(probe))
    throw refusal(pictures, {
      none: 'nothing of its picture can be shown',
      part: 'not all of its picture can be shown',
    });
  const sounds = probe.streams.filter(({ type }) => type === 'audio');
  const encrypted = sounds.filter(({ unusable }) => unusable?.is === 'encrypted');
  if (damaged === 'accept' && encrypted.every(({ unusable }) => unusable?.inPart)) return;
  if (encrypted.length > 0 && sounds.every(({ unusable }) => unusable))
    throw refusal(sounds, { none: 'nothing of its sound can be heard', part: 'not all of its sound can be heard' });
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

function refusal(streams: readonly Stream[], what: { readonly none: string; readonly part: string }): ServiceError {
  const named = streams.find(({ unusable }) => unusable?.is === 'encrypted') ?? streams[0];
  const why = named?.unusable?.why;
  const text = named?.unusable?.inPart
    ? `${what.part}: ${why}; up to 5 % of a picture is published with a warning, and what is clear with damaged=accept`
    : `${what.none}: ${why}`;
  return new ServiceError('bad-input', text, { stream: named?.index });
}
