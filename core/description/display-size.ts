import { childElements, idOf, uintElement, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';

/** How large a track of Matroska says that its picture is shown, and in which unit (RFC 9559 5.1.4.1.28.12 to 14). */
export type DisplaySize = { readonly width: number; readonly height: number; readonly unit: number };

export const UNITS = ['pixels', 'centimetres', 'inches', 'as proportions'] as const;
const UNKNOWN = 4;

/** Returns the size that an entry states; undefined where it leaves it to the number of pixels. */
export function displaySizeOf(entry: Buffer): DisplaySize | undefined {
  const video = childElements(entry).filter((field) => idOf(field) === MKV.Video);
  const fields = video.flatMap(childElements);
  const of = (id: number) => Number(uintIn(fields.find((field) => idOf(field) === id)) ?? 0);
  const size = { width: of(MKV.DisplayWidth), height: of(MKV.DisplayHeight), unit: of(MKV.DisplayUnit) };
  return size.width > 0 && size.height > 0 && size.unit < UNKNOWN ? size : undefined;
}

export const displayFields = ({ width, height, unit }: DisplaySize): readonly Buffer[] => [
  uintElement(MKV.DisplayWidth, width),
  uintElement(MKV.DisplayHeight, height),
  ...(unit === 0 ? [] : [uintElement(MKV.DisplayUnit, unit)]),
];
