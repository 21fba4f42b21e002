import type { Cue } from '../streams/cue.ts';
import { readField } from './line-captions.ts';
import { type PacketBytes, readServices } from './service-captions.ts';

/** Bytes of captions as ffmpeg passes them on: a mark and two bytes for each pair (CTA-708-E table 3). */
export type CaptionBytes = { readonly seconds: number; readonly data: Uint8Array };

/** The captions of one channel of CEA-608 ("CC1") or one service of CEA-708 ("service 1"). */
export type CaptionTrack = { readonly channel: string; readonly cues: readonly Cue[] };

/** What the texts of a track of TTML are called, which has one channel. */
export const TTML = 'TTML';

/** All captions that bytes hold, and the channels whose texts (T1 to T4) are not read, since they are pages and no captions. */
export type ReadCaptions = {
  readonly tracks: readonly CaptionTrack[];
  readonly unread: readonly string[];
  /** How many samples a track of them has, and how many of these are not read, or not wholly. */
  readonly samples?: number;
  readonly damaged?: number;
};

const WITHOUT_PARITY = 0x7f;
const [VALID, KIND] = [0x04, 0x03];
const [SECOND_FIELD, PACKET_BEGINS] = [1, 3];

/**
 * Reads every channel of CEA-608 and every service of CEA-708 (CTA-608-E, CTA-708-E). The last captions end with the film. `isWide`: the
 * picture is wider than 4:3, which places of CEA-708 depend on.
 */
export function readCaptions(
  bytes: Iterable<CaptionBytes>,
  filmSeconds: number | undefined,
  isWide = true,
): ReadCaptions {
  const fields: { seconds: number; first: number; second: number }[][] = [[], []];
  const packets: PacketBytes[] = [];
  for (const { seconds, data } of bytes) {
    for (let at = 0; at + 2 < data.length; at += 3) {
      const [mark = 0, a = 0, b = 0] = data.subarray(at, at + 3);
      const kind = mark & KIND;
      if ((mark & VALID) === 0) continue;
      if (kind > SECOND_FIELD) packets.push({ seconds, begins: kind === PACKET_BEGINS, data: [a, b] });
      else fields[kind]?.push({ seconds, first: a & WITHOUT_PARITY, second: b & WITHOUT_PARITY });
    }
  }
  const channels = fields.flatMap((pairs) => readField(pairs, filmSeconds));
  const services = [...readServices(packets, { filmSeconds, isWide })].sort(([a], [b]) => a - b);
  const tracks = [
    ...channels.map(({ cues }, i) => ({ channel: `CC${i + 1}`, cues })),
    ...services.map(([service, cues]) => ({ channel: `service ${service}`, cues })),
  ];
  return {
    tracks: tracks.filter(({ cues }) => cues.length > 0),
    unread: channels.flatMap(({ hasTexts }, i) => (hasTexts ? [`T${i + 1}`] : [])),
  };
}
