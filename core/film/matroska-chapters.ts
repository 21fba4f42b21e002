import type { Rational } from '../units.ts';
import { childElements, idOf, newElement, uintElement, uintIn } from './ebml.ts';
import { MKV } from './matroska-ids.ts';

/** How a film's times become those of its rendition: `nanoseconds` is added, then they are multiplied. */
type TimeMove = { readonly nanoseconds: number; readonly factor: Rational | undefined };

const MASTERS: ReadonlySet<number> = new Set([MKV.Chapters, MKV.EditionEntry, MKV.ChapterAtom]);
const TIMES: ReadonlySet<number> = new Set([MKV.ChapterTimeStart, MKV.ChapterTimeEnd]);

/** Returns chapters with all of their editions, the nested ones included, at the rendition's times. */
export function movedChapters(element: Buffer, move: TimeMove): Buffer {
  const id = idOf(element);
  if (TIMES.has(id)) return uintElement(id, movedTime(uintIn(element) ?? 0n, move));
  if (!MASTERS.has(id)) return element;
  const children = childElements(element).filter((child) => idOf(child) !== MKV.CRC32);
  return newElement(id, ...children.map((child) => movedChapters(child, move)));
}

function movedTime(time: bigint, { nanoseconds, factor }: TimeMove): bigint {
  const moved = time + BigInt(Math.round(nanoseconds));
  const scaled = factor ? (moved * BigInt(factor.num)) / BigInt(factor.den) : moved;
  return scaled < 0n ? 0n : scaled;
}

/** How many editions and chapters there are, nested ones included. */
export function countChapters(element: Buffer): { readonly editions: number; readonly chapters: number } {
  const id = idOf(element);
  const inside = MASTERS.has(id) ? childElements(element).map(countChapters) : [];
  return {
    editions: inside.reduce((sum, { editions }) => sum + editions, id === MKV.EditionEntry ? 1 : 0),
    chapters: inside.reduce((sum, { chapters }) => sum + chapters, id === MKV.ChapterAtom ? 1 : 0),
  };
}
