/** What Exif says of a picture or film that has a tag everywhere. */
export type ExifTexts = { readonly make?: string; readonly model?: string; readonly date?: string };

const NAMES: Readonly<Record<number, 'make' | 'model' | 'date'>> = { 271: 'make', 272: 'model', 306: 'date' };
/** Where the directory of Exif lies, and in it when the film was taken. */
const [EXIF_DIRECTORY, TAKEN] = [0x8769, 0x9003];
const ASCII = 2;
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
  const own = entriesAt(at);
  const inner = own.find(({ tag }) => tag === EXIF_DIRECTORY);
  const taken = inner && entriesAt(number(inner.value, 4)).find(({ tag }) => tag === TAKEN);
  const date = taken && textOf(taken);
  const said = own.flatMap((entry) => {
    const [name, text] = [NAMES[entry.tag], textOf(entry)];
    return name && text !== undefined ? [[name, text] as const] : [];
  });
  return { ...Object.fromEntries(said), ...(date !== undefined && { date }) };
}
