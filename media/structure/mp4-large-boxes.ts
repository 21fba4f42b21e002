import { boxesOf, newBox } from '../../core/bytes/boxes.ts';
import { metaParts, metaWithItems } from '../../core/description/meta-list.ts';
import { isCoverItem, itemName, keyNames } from '../../core/description/movie-tags.ts';
import type { ByteSource } from './byte-source.ts';
import { boxesIn, childrenOf, type Mp4Box } from './mp4-boxes.ts';

/** How much a file may say of itself. Covers have some megabytes; everything else is far smaller. */
const LARGEST_PIECE = 8 * 2 ** 20;
const MOST_BYTES = 64 * 2 ** 20;
const MOST_BYTES_OF_COVERS = 32 * 2 ** 20;

/** Asks in turn whether a piece of so many bytes is still read. */
type Fits = (bytes: number) => boolean;
export type Room = { readonly pieces: Fits; readonly covers: Fits };

/** Returns the room of one file. Covers have theirs apart, so that the tags beside them stay. */
export function roomOfFile(): Room {
  const within = (most: number): Fits => {
    let taken = 0;
    return (bytes) => {
      if (bytes > LARGEST_PIECE || taken + bytes > most) return false;
      taken += bytes;
      return true;
    };
  };
  return { pieces: within(MOST_BYTES), covers: within(MOST_BYTES_OF_COVERS) };
}

/** What is read of a box without the pieces in it that are larger than any real one. */
type InPieces = {
  /** Undefined where nothing of it can be used. */
  readonly bytes: Buffer | undefined;
  /** The names of the pieces that are left out. */
  readonly tooLarge: readonly string[];
  /** Whether covers in it have no bytes but those that say what they are. */
  readonly lacksCovers: boolean;
};

/** Whether a box is read piece by piece where it is too large to be read at once. */
export const hasPieces = ({ type }: Mp4Box): boolean => type === 'udta' || type === 'meta';

/** Reads `udta` or `meta`, in which one large piece costs none of the others. */
export const readInPieces = (source: ByteSource, box: Mp4Box, room: Room): Promise<InPieces> =>
  box.type === 'meta' ? metaInPieces(source, box, room) : udtaInPieces(source, box, room);

async function udtaInPieces(source: ByteSource, udta: Mp4Box, room: Room): Promise<InPieces> {
  const found: InPieces[] = [];
  for await (const child of childrenOf(source, udta)) {
    if (child.end > udta.end) break;
    if (room.pieces(child.size)) found.push(whole(await source.read(child.start, child.size)));
    else found.push(child.type === 'meta' ? await metaInPieces(source, child, room) : nothingOf(child.type));
  }
  return {
    bytes: newBox('udta', ...found.flatMap(({ bytes }) => bytes ?? [])),
    tooLarge: found.flatMap(({ tooLarge }) => tooLarge),
    lacksCovers: found.some(({ lacksCovers }) => lacksCovers),
  };
}

async function metaInPieces(source: ByteSource, meta: Mp4Box, room: Room): Promise<InPieces> {
  const { head } = metaParts(await source.read(meta.start, Math.min(meta.size, LONGEST_HEAD)));
  const tooLarge: string[] = [];
  const parts: Buffer[] = [];
  let names: readonly string[] | undefined;
  let lacksCovers = false;
  for await (const child of boxesIn(source, meta.start + meta.headerBytes + head.length, meta.end)) {
    if (child.end > meta.end) break;
    if (room.pieces(child.size)) {
      const bytes = await source.read(child.start, child.size);
      if (child.type === 'keys') names = boxesOf(bytes, 0, bytes.length).flatMap((keys) => keyNames(bytes, keys));
      parts.push(bytes);
    } else if (child.type === 'keys') return nothingOf(meta.type);
    else if (child.type !== 'ilst') tooLarge.push(child.type);
    else {
      const list = await listInPieces(source, child, { room, names });
      parts.push(newBox('ilst', ...list.items));
      tooLarge.push(...list.tooLarge);
      lacksCovers = list.lacksCovers;
    }
  }
  const bytes = newBox('meta', head, ...parts);
  const list = metaParts(bytes).children.find(({ type }) => type === 'ilst');
  // a key whose item is left out would name what is not there
  const isShorter = names !== undefined && tooLarge.length > 0 && list;
  return {
    bytes: isShorter ? metaWithItems(bytes, boxesOf(bytes, list.body, list.end)) : bytes,
    tooLarge,
    lacksCovers,
  };
}

/** A header of 16 bytes, version and flags, and the header of the first child. */
const LONGEST_HEAD = 32;

async function listInPieces(
  source: ByteSource,
  list: Mp4Box,
  { room, names }: { readonly room: Room; readonly names: readonly string[] | undefined },
) {
  const items: Buffer[] = [];
  const tooLarge: string[] = [];
  let lacksCovers = false;
  for await (const item of childrenOf(source, list)) {
    if (item.end > list.end) break;
    const small = await withoutValues(source, item);
    const [box] = boxesOf(small, 0, small.length);
    if (!box) continue;
    if (isCoverItem(small, box, names)) {
      const covers = await withSmallValues(source, item, room.covers);
      lacksCovers ||= covers.length < item.size;
      items.push(covers);
    } else if (room.pieces(item.size)) items.push(await source.read(item.start, item.size));
    else tooLarge.push(names ? (names[small.readUInt32BE(4) - 1] ?? 'item') : itemName(small, box));
  }
  return { items, tooLarge, lacksCovers };
}

/** An item as its values would be of one byte: what it is called, and of which type they are. */
const withoutValues = (source: ByteSource, item: Mp4Box): Promise<Buffer> =>
  withSmallValues(source, item, (bytes) => bytes <= LONGEST_NAME);

const LONGEST_NAME = 1024;

/** An item in which each part that does not fit ends behind what says its type. */
async function withSmallValues(source: ByteSource, item: Mp4Box, fits: Fits): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of childrenOf(source, item)) {
    if (part.end > item.end) break;
    if (fits(part.size)) parts.push(await source.read(part.start, part.size));
    else parts.push(newBox(part.type, await source.read(part.start + part.headerBytes, BYTES_OF_TYPE + 1)));
  }
  return newBox(item.type, ...parts);
}

/** The type of a value and its language. */
const BYTES_OF_TYPE = 8;

const whole = (bytes: Buffer): InPieces => ({ bytes, tooLarge: [], lacksCovers: false });

const nothingOf = (type: string): InPieces => ({ bytes: undefined, tooLarge: [type], lacksCovers: false });
