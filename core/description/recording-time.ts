/** The id of the SEI message (user_data_unregistered) in which AVCHD cameras say how each picture was shot. */
const MDPM_ID = Buffer.from('17ee8c60f84d11d98cd60800200c9a664d44504d', 'hex');
/** The tags of the recording time: zone, year and month; day, hour, minute and second, as decimal digits in half bytes. */
const [YEAR_AND_MONTH, DAY_AND_TIME] = [0x18, 0x19];
const MOST_TAGS = 40;

/** When a film was recorded: the time in UTC as ISO 8601, and as it was where the camera was, with its zone. */
export type RecordingTime = { readonly utc: string; readonly local: string };

/**
 * Reads the recording time of an AVCHD camera from an H.264 byte stream, or a part of one: the first message that is whole.
 * Undefined where there is none. (MDPM is not public; as read by ExifTool's H264 module.)
 */
export function recordingTimeIn(h264: Buffer): RecordingTime | undefined {
  for (const tags of messagesIn(h264)) {
    const found = timeIn(tags);
    if (found) return found;
  }
  return undefined;
}

/** Yields the tags of each message, by their numbers. */
export function* messagesIn(h264: Buffer): Generator<ReadonlyMap<number, Buffer>> {
  for (let at = h264.indexOf(MDPM_ID); at >= 0; at = h264.indexOf(MDPM_ID, at + 1)) {
    const from = at + MDPM_ID.length;
    const message = withoutEscapes(h264.subarray(from, from + 8 * MOST_TAGS));
    const count = Math.min(message[0] ?? 0, MOST_TAGS);
    const tags = Array.from({ length: count }, (_, i) => message.subarray(1 + 5 * i, 6 + 5 * i));
    yield new Map(tags.map((tag) => [tag[0] ?? 0, tag.subarray(1)]));
  }
}

/** Removes the bytes that keep a NAL unit from looking like a start code (ITU-T H.264 7.4.1). */
function withoutEscapes(unit: Buffer): Buffer {
  const bytes = [...unit];
  return Buffer.from(bytes.filter((byte, i) => !(byte === 3 && i >= 2 && bytes[i - 1] === 0 && bytes[i - 2] === 0)));
}

function timeIn(tags: ReadonlyMap<number, Buffer>): RecordingTime | undefined {
  const [date, time] = [tags.get(YEAR_AND_MONTH), tags.get(DAY_AND_TIME)];
  const digits = date?.length === 4 && time?.length === 4 ? `${date.toString('hex', 1)}${time.toString('hex')}` : '';
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  if (year === undefined) return undefined;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${written}Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== written) return undefined;
  const zone = zoneMinutes(date?.[0] ?? 0);
  // a clock without a zone is taken for UTC, as that of DV
  if (zone === undefined) return { utc: `${written}.000Z`, local: written };
  return { utc: new Date(ms - zone * 60_000).toISOString(), local: `${written}${zoneText(zone)}` };
}

/**
 * Bit 0 is half an hour, bits 1 to 4 are hours, bit 5 is the sign. Bit 6 says that it was summer, which ExifTool shows beside the zone ("+01:00 DST")
 * and does not add to it: H264.pm has nothing that says whether cameras count that hour in the zone, so the zone stays as it is written.
 * Undefined for what is no zone of the world, as the byte 0xFF of a camera whose zone is not set.
 */
function zoneMinutes(byte: number): number | undefined {
  const minutes = (byte & 0x20 ? -1 : 1) * (((byte >> 1) & 0x0f) * 60 + (byte & 1 ? 30 : 0));
  return minutes < EARLIEST_ZONE || minutes > LATEST_ZONE ? undefined : minutes;
}

const [EARLIEST_ZONE, LATEST_ZONE] = [-12 * 60, 14 * 60];

/** A zone as ISO 8601 writes it: "+02:00". */
export function zoneText(minutes: number): string {
  const digits = (value: number) => `${Math.trunc(value)}`.padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${digits(Math.abs(minutes) / 60)}:${digits(Math.abs(minutes) % 60)}`;
}
