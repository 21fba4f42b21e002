/** What Exif says of a picture or film that has a tag everywhere. */
export type ExifTexts = {
  readonly make?: string;
  readonly model?: string;
  readonly date?: string;
  /** By which zone the date is: "+02:00". */
  readonly zone?: string;
  /** Where it was taken, as ISO 6709 writes it, in degrees. */
  readonly location?: string;
};

const NAMES: Readonly<Record<number, 'make' | 'model' | 'date'>> = { 271: 'make', 272: 'model', 306: 'date' };
/** Where the directory of Exif lies, and in it when the film was taken and by which zone, and the zone of the date outside. */
const [EXIF_DIRECTORY, TAKEN, ZONE_OF_TAKEN, ZONE_OF_DATE] = [0x8769, 0x9003, 0x9011, 0x9010];
const ZONE = /^[+-](0\d|1[0-4]):[0-5]\d$/;
/** Where the directory of the place lies, and in it each coordinate behind its side of the world. */
const PLACE_DIRECTORY = 0x8825;
const [LATITUDE, LONGITUDE] = [2, 4];
const ASCII = 2;
const FRACTION = 5;
const ENTRY_BYTES = 12;
const MOST_ENTRIES = 200;

/**
 * Reads a directory of Exif (TIFF 6.0, section 2) at a place of some bytes, from whose first one its positions are counted. What is
 * damaged is left out.
 */
export function exifTexts(bytes: Buffer, at: number, isLittle: boolean): ExifTexts {
  const number = (place: number, width: 2 | 4) =>
    isLittle ? bytes.readUIntLE(place, width) : bytes.readUIntBE(place, width);
  const entriesAt = (start: number) => {
    if (start + 2 > bytes.length) return [];
    const count = Math.min(number(start, 2), MOST_ENTRIES);
    const places = Array.from({ length: count }, (_, i) => start + 2 + ENTRY_BYTES * i);
    return places
      .filter((place) => place + ENTRY_BYTES <= bytes.length)
      .map((place) => ({
        tag: number(place, 2),
        type: number(place + 2, 2),
        length: number(place + 4, 4),
        value: place + 8,
      }));
  };
  const textOf = ({ type, length, value }: ReturnType<typeof entriesAt>[number]): string | undefined => {
    if (type !== ASCII) return undefined;
    const from = length > 4 ? number(value, 4) : value;
    const text = bytes
      .toString('latin1', from, Math.min(from + length, bytes.length))
      .replace(/\0.*$/s, '')
      .trim();
    return text === '' ? undefined : text;
  };
  const degreesOf = (entries: ReturnType<typeof entriesAt>, coordinate: number): number => {
    const entry = entries.find(({ tag }) => tag === coordinate);
    const sideEntry = entries.find(({ tag }) => tag === coordinate - 1);
    const side = (sideEntry && textOf(sideEntry)) ?? '';
    const from = entry?.type === FRACTION && entry.length === 3 ? number(entry.value, 4) : bytes.length;
    if (from + 24 > bytes.length || !/^[NSEW]$/.test(side)) return Number.NaN;
    const [whole = 0, minutes = 0, seconds = 0] = [0, 8, 16].map((i) => number(from + i, 4) / number(from + i + 4, 4));
    return (whole + minutes / 60 + seconds / 3600) * (/[SW]/.test(side) ? -1 : 1);
  };
  const own = entriesAt(at);
  const inner = own.find(({ tag }) => tag === EXIF_DIRECTORY);
  const within = inner ? entriesAt(number(inner.value, 4)) : [];
  const textWithin = (wanted: number) => within.filter(({ tag }) => tag === wanted).map(textOf)[0];
  const date = textWithin(TAKEN);
  const zone = textWithin(date === undefined ? ZONE_OF_DATE : ZONE_OF_TAKEN);
  const said = own.flatMap((entry) => {
    const [name, text] = [NAMES[entry.tag], textOf(entry)];
    return name && text !== undefined ? [[name, text] as const] : [];
  });
  const places = own.find(({ tag }) => tag === PLACE_DIRECTORY);
  const coordinates = places ? entriesAt(number(places.value, 4)) : [];
  const location = placeText(degreesOf(coordinates, LATITUDE), degreesOf(coordinates, LONGITUDE));
  return {
    ...{ ...Object.fromEntries(said), ...(date !== undefined && { date }), ...(location && { location }) },
    ...(zone !== undefined && ZONE.test(zone) && { zone }),
  };
}

/** Undefined where a coordinate is missing or impossible. */
const placeText = (latitude: number, longitude: number): string | undefined =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? `${signed(latitude, 2)}${signed(longitude, 3)}/` : undefined;

const signed = (degrees: number, digits: number): string =>
  `${degrees < 0 ? '-' : '+'}${Math.abs(degrees)
    .toFixed(4)
    .padStart(digits + 5, '0')}`;

/** Reads EXIF data as pictures hold it (JEITA CP-3451): the header of TIFF, before which some programs write `Exif`, and its first directory. */
export function exifIn(data: Buffer): ExifTexts {
  const tiff = data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return {};
  const isLittle = order === 'II';
  return exifTexts(tiff, isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4), isLittle);
}
