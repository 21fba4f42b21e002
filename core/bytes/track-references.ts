import { inFourBytes } from './big-endian.ts';
import { boxBytes, boxesOf, newBox } from './boxes.ts';

/** A kind of reference of a track, and the places of the tracks to which it leads. */
export type TrackReference = { readonly type: string; readonly tracks: readonly number[] };

/** References that are written anew with what they lead to, or that say how packets of the source are sent or decoded. */
const WRITTEN_ANEW: ReadonlySet<string> = new Set(
  'chap tmcd hint dpnd ipir mpod vdep vplx sbas scal tbas sabt oref'.split(' '),
);

/** Reads the payload of `tref`: the references to tracks of these numbers, without those that are written anew. */
export function referencesIn(tref: Buffer, numbers: readonly number[]): readonly TrackReference[] {
  return boxesOf(tref, 0, tref.length).flatMap(({ type, body, end }) => {
    if (WRITTEN_ANEW.has(type)) return [];
    const count = Math.min(Math.floor((end - body) / 4), MOST);
    const named = Array.from({ length: count }, (_, i) => tref.readUInt32BE(body + 4 * i));
    return [{ type, tracks: named.map((number) => numbers.indexOf(number)) }];
  });
}

/** A film has fewer tracks. */
const MOST = 1000;

/** Returns a `trak` box with further references; `numbers` has the number of each track by its place. */
export function withReferences(trak: Buffer, wanted: readonly TrackReference[], numbers: readonly number[]): Buffer {
  const [whole] = boxesOf(trak, 0, trak.length);
  const children = whole ? boxesOf(trak, whole.body, whole.end) : [];
  const own = children.find(({ type }) => type === 'tref');
  const added = wanted.map(({ type, tracks }) =>
    newBox(type, inFourBytes(...tracks.map((place) => numbers[place] ?? 0))),
  );
  const tref = newBox('tref', ...(own ? [trak.subarray(own.body, own.end)] : []), ...added);
  const others = children.filter((box) => box !== own).map((box) => boxBytes(trak, box));
  const [header = Buffer.alloc(0), ...rest] = others;
  return newBox('trak', header, tref, ...rest);
}

/** Whether all wanted references are among those that were found. */
export const hasReferences = (found: readonly TrackReference[] = [], wanted: readonly TrackReference[] = []): boolean =>
  wanted.every((each) => found.some((other) => keyOf(other) === keyOf(each)));

const keyOf = ({ type, tracks }: TrackReference): string => `${type} ${tracks.join()}`;
