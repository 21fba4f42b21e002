import { childElements, idOf, uintElement, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';

/** How large a track of Matroska says that its picture is shown, and in which unit (RFC 9559 5.1.4.1.28.12 to 14). */
export type DisplaySize = { readonly width: number; readonly height: number; readonly unit: number };

export const UNITS = ['pixels', 'centimetres', 'inches', 'as proportions'] as const;
const UNKNOWN = 4;

/** Returns what reads a number of the picture of a track's entry by its id; 0 where the entry does not state it. */
export function pictureNumbers(entry: Buffer): (id: number) => number {
  const video = childElements(entry).filter((field) => idOf(field) === MKV.Video);
  const fields = video.flatMap(childElements);
  return (id) => Number(uintIn(fields.find((field) => idOf(field) === id)) ?? 0);
}

/** Returns the size that an entry states; undefined where it leaves it to the number of pixels. */
export function displaySizeOf(entry: Buffer): DisplaySize | undefined {
  const of = pictureNumbers(entry);
  const size = { width: of(MKV.DisplayWidth), height: of(MKV.DisplayHeight), unit: of(MKV.DisplayUnit) };
  return size.width > 0 && size.height > 0 && size.unit < UNKNOWN ? size : undefined;
}

/** Returns the elements of a Matroska track that state a display size (RFC 9559 section 5.1.4.1.28.12 to 14). */
export const displayFields = ({ width, height, unit }: DisplaySize): readonly Buffer[] => [
  uintElement(MKV.DisplayWidth, width),
  uintElement(MKV.DisplayHeight, height),
  ...(unit === 0 ? [] : [uintElement(MKV.DisplayUnit, unit)]),
];
