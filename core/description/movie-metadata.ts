import { boxBytes, boxesOf, type MemoryBox, movieIn, newBox } from '../bytes/boxes.ts';
import { metaParts } from './meta-list.ts';
import type { MetadataBox } from './metadata.ts';

/**
 * Returns a movie box with this metadata instead of its own. What the writer of the file put there stays where the source
 * has nothing of that kind: chapters, covers, the names and roles of tracks.
 */
export function withMetadata(moov: Buffer, wanted: readonly MetadataBox[]): Buffer {
  const movie = movieIn(moov);
  let track = 0;
  const children = boxesOf(moov, movie.body, movie.end);
  const parts = children.flatMap((child) => {
    if (child.type === 'trak') return [withDescribed(moov, child, inPlace(wanted, track++))];
    return isMetadata(child) ? [] : [boxBytes(moov, child)];
  });
  return newBox('moov', ...parts, ...described(moov, children, inPlace(wanted, 'movie')));
}

function withDescribed(moov: Buffer, trak: MemoryBox, wanted: readonly MetadataBox[]): Buffer {
  if (wanted.length === 0) return boxBytes(moov, trak);
  const children = boxesOf(moov, trak.body, trak.end);
  const isReplaced = ({ type }: MemoryBox) => type === 'tapt' && wanted.some((box) => box.type === type);
  const others = children
    .filter((child) => !isMetadata(child) && !isReplaced(child))
    .map((child) => boxBytes(moov, child));
  return newBox('trak', ...others, ...described(moov, children, wanted));
}

/** The metadata of a movie or a track: the wanted boxes, and of its own what these do not replace. */
function described(moov: Buffer, children: readonly MemoryBox[], wanted: readonly MetadataBox[]): readonly Buffer[] {
  const bytes = wanted.flatMap((box) => (box.bytes ? [box.bytes] : []));
  const own = children.filter(isMetadata).map((child) => boxBytes(moov, child));
  const ownUdta = own.flatMap((box) => (typeOf(box) === 'udta' ? partsOf(box) : []));
  const udta = bytes.flatMap((box) => (typeOf(box) === 'udta' ? partsOf(box) : []));
  const types = new Set(udta.map(typeOf));
  const ownList = ownUdta.find((part) => itemsIn(part).length > 0);
  const hasList = udta.some((part) => itemsIn(part).length > 0);
  const merged = udta.map((part) => (ownList && itemsIn(part).length > 0 ? withItemsOf(part, ownList) : part));
  const kept = ownUdta.filter((part) => !types.has(typeOf(part)) || (part === ownList && !hasList));
  const inUdta = [...kept, ...merged];
  const others = bytes.filter((box) => typeOf(box) !== 'udta');
  const keptMeta = others.some((box) => typeOf(box) === 'meta') ? [] : own.filter((box) => typeOf(box) === 'meta');
  // readers that go by iTunes's tags end at a meta of QuickTime, which has no version
  return [...(inUdta.length > 0 ? [newBox('udta', ...inUdta)] : []), ...keptMeta, ...others];
}

/** Returns iTunes' list of items with those of another list whose types it does not have, as a cover that was written already. */
function withItemsOf(meta: Buffer, own: Buffer): Buffer {
  const { head, children } = metaParts(meta);
  const types = new Set(itemsIn(meta).map(typeOf));
  const added = itemsIn(own).filter((item) => !types.has(typeOf(item)));
  const parts = children.map((child) =>
    child.type === 'ilst' ? newBox('ilst', ...itemsIn(meta), ...added) : boxBytes(meta, child),
  );
  return newBox('meta', head, ...parts);
}

/** The items of iTunes' list; none where a `meta` box has keys, which the items are numbered by. */
function itemsIn(meta: Buffer): readonly Buffer[] {
  const { children } = typeOf(meta) === 'meta' ? metaParts(meta) : { children: [] };
  const list = children.some(({ type }) => type === 'keys') ? undefined : children.find(({ type }) => type === 'ilst');
  return list ? boxesOf(meta, list.body, list.end).map((item) => boxBytes(meta, item)) : [];
}

/** Returns the names of wanted pieces of metadata that a file does not have as they were planned. */
export function metadataDifferences(wanted: readonly MetadataBox[], found: readonly MetadataBox[]): readonly string[] {
  const there = new Set(found.flatMap(piecesOf).map(({ key }) => key));
  return wanted
    .flatMap(piecesOf)
    .filter(({ key }) => !there.has(key))
    .map(({ name }) => name);
}

/** A box as the pieces that are compared: the boxes in `udta`, and the items of its list one by one. */
function piecesOf({ place, type, bytes }: MetadataBox): readonly { readonly name: string; readonly key: string }[] {
  const where = typeof place === 'number' ? `track ${place}` : `the ${place}`;
  const piece = (part: Buffer, parents: string) => ({
    name: `${parents}${typeOf(part)} of ${where}`,
    key: `${where} ${parents} ${part.toString('base64')}`,
  });
  if (bytes === undefined) return [];
  if (type !== 'udta') return [piece(bytes, '')];
  return partsOf(bytes).flatMap((part) =>
    itemsIn(part).length > 0 ? itemsIn(part).map((item) => piece(item, 'udta/meta/')) : [piece(part, 'udta/')],
  );
}

function partsOf(box: Buffer): readonly Buffer[] {
  const [whole] = boxesOf(box, 0, box.length);
  return whole ? boxesOf(box, whole.body, whole.end).map((child) => boxBytes(box, child)) : [];
}

const inPlace = (boxes: readonly MetadataBox[], place: MetadataBox['place']) =>
  boxes.filter((box) => box.place === place);

const isMetadata = ({ type }: MemoryBox) => type === 'udta' || type === 'meta';

const typeOf = (box: Buffer) => box.toString('latin1', 4, 8);
