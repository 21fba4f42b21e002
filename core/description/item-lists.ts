import { boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import { metaParts } from './meta-list.ts';
import type { MetadataBox } from './metadata.ts';
import { keyNames } from './movie-tags.ts';

/** Returns the lists of items in these boxes, those within `udta` included. */
export const itemLists = (boxes: readonly MetadataBox[]): readonly ItemList[] => boxes.flatMap(listsIn);

/** A list of items in a `meta` box: iTunes' own, or QuickTime's with the names of its keys. */
type ItemList = {
  readonly bytes: Buffer;
  readonly items: readonly MemoryBox[];
  readonly names: readonly string[] | undefined;
};

function listsIn({ type, bytes }: MetadataBox): readonly ItemList[] {
  if (bytes === undefined) return [];
  if (type === 'meta') return listOf(bytes);
  const [udta] = type === 'udta' ? boxesOf(bytes, 0, bytes.length) : [];
  if (!udta) return [];
  const metas = boxesOf(bytes, udta.body, udta.end).filter((part) => part.type === 'meta');
  return metas.flatMap(({ start, end }) => listOf(bytes.subarray(start, end)));
}

function listOf(bytes: Buffer): readonly ItemList[] {
  const { children } = metaParts(bytes);
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  if (!list) return [];
  return [{ bytes, items: boxesOf(bytes, list.body, list.end), names: keys && keyNames(bytes, keys) }];
}
