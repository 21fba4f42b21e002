import { messagesIn } from './recording-time.ts';

/** The tags of a time code; of latitude and longitude, each with its side and in degrees, minutes and seconds; of the height; and of whether they were measured. */
const TIMECODE = 0x13;
const LATITUDE = { side: 0xb1, parts: [0xb2, 0xb3, 0xb4], most: 90, digits: 2, sides: { N: '+', S: '-' } } as const;
const LONGITUDE = { side: 0xb5, parts: [0xb6, 0xb7, 0xb8], most: 180, digits: 3, sides: { E: '+', W: '-' } } as const;
const [IS_BELOW, ALTITUDE, STATUS] = [0xb9, 0xba, 0xbe];
/** The tags of the maker, and of the model, whose name is in three parts of four letters. */
const MAKE = 0xe0;
const MODEL = [0xe4, 0xe5, 0xe6] as const;
/** Makers by their numbers, as ExifTool's H264 module reads them. */
const MAKERS: Readonly<Record<number, string>> = { 259: 'Panasonic', 264: 'Sony', 4113: 'Canon', 4356: 'JVC' };

/** The camera that shot a film. */
type Camera = { readonly make: string | undefined; readonly model: string | undefined };

/** Reads maker and model of an AVCHD camera from an H.264 byte stream, or a part of one: the first message that names one of them. */
export function avchdCamera(h264: Buffer): Camera | undefined {
  for (const tags of messagesIn(h264)) {
    const number = tags.get(MAKE);
    const make = number && number.length >= 2 ? MAKERS[number.readUInt16BE()] : undefined;
    const parts = MODEL.map((tag) => tags.get(tag)?.toString('latin1') ?? '');
    const name = parts.join('').replace(/\0.*$/s, '').trim();
    const model = /^[\x20-\x7e]+$/.test(name) ? name : undefined;
    if (make !== undefined || model !== undefined) return { make, model };
  }
  return undefined;
}

/** Reads where an AVCHD camera was, as ISO 6709 writes it: the first message that tells it. (Tags as read by ExifTool's H264 module.) */
export function avchdPlace(h264: Buffer): string | undefined {
  for (const tags of messagesIn(h264)) {
    const [north, east] = [angleOf(tags, LATITUDE), angleOf(tags, LONGITUDE)];
    const isVoid = tags.get(STATUS)?.[0] === 'V'.charCodeAt(0);
    if (north !== undefined && east !== undefined && !isVoid) return `${north}${east}${heightOf(tags)}/`;
  }
  return undefined;
}

type Tags = ReadonlyMap<number, Buffer>;

function angleOf(tags: Tags, { side, parts, most, digits, sides }: typeof LATITUDE | typeof LONGITUDE) {
  const [, sign] = Object.entries(sides).find(([letter]) => letter.charCodeAt(0) === tags.get(side)?.[0]) ?? [];
  const [degrees, minutes, seconds] = parts.map((tag) => fractionOf(tags.get(tag)));
  if (sign === undefined || degrees === undefined || minutes === undefined || seconds === undefined) return undefined;
  const angle = degrees + minutes / 60 + seconds / 3600;
  return angle > most ? undefined : `${sign}${angle.toFixed(6).padStart(digits + 7, '0')}`;
}

function heightOf(tags: Tags): string {
  const height = fractionOf(tags.get(ALTITUDE));
  if (height === undefined) return '';
  return `${tags.get(IS_BELOW)?.some((byte) => byte !== 0) ? '-' : '+'}${height.toFixed(3)}`;
}

/** Two numbers of 16 bits, of which the second divides the first. */
function fractionOf(tag: Buffer | undefined): number | undefined {
  if (tag?.length !== 4 || tag.readUInt16BE(2) === 0) return undefined;
  return tag.readUInt16BE() / tag.readUInt16BE(2);
}

/**
 * Reads the time code of the first picture of an AVCHD camera, in a part of a byte stream that has its beginning: frames, seconds, minutes
 * and hours in decimal digits, as in a pack of DV, with a bit for drop-frame (SMPTE 314M) that holds at multiples of 29.97 alone.
 */
export function avchdTimecode(h264: Buffer, mayDrop: boolean): string | undefined {
  const [tags] = messagesIn(h264);
  const pack = tags?.get(TIMECODE);
  if (pack?.length !== 4) return undefined;
  const [frame = '', second = '', minute = '', hour = ''] = [0x3f, 0x7f, 0x7f, 0x3f].map((mask, i) =>
    ((pack[i] ?? 0) & mask).toString(16).padStart(2, '0'),
  );
  const mark = mayDrop && (pack[0] ?? 0) & DROP_FRAME ? ';' : ':';
  const timecode = `${hour}:${minute}:${second}${mark}${frame}`;
  return /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;]\d\d$/.test(timecode) ? timecode : undefined;
}

const DROP_FRAME = 0x40;
