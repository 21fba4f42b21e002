import { boxesOf, type MemoryBox } from './boxes.ts';
import { type MetadataBox, metaParts } from './metadata.ts';
import { isCoverItem, keyNames } from './movie-tags.ts';

/** The names of the covers in the order of their streams: in iTunes' list a cover may have a box with its name behind it. */
export const coverNames = (boxes: readonly MetadataBox[]): readonly (string | undefined)[] =>
  boxes.flatMap(listsIn).flatMap(({ bytes, items, names }) => {
    const covers = items.filter((item) => isCoverItem(bytes, item, names));
    return covers.flatMap((item) => namesInItem(bytes, item));
  });

/** Whether a cover is among QuickTime's keys, from where ffmpeg writes it into iTunes' list of an MP4. */
export const hasArtwork = (boxes: readonly MetadataBox[]): boolean =>
  boxes
    .flatMap(listsIn)
    .some(({ bytes, items, names }) => names !== undefined && items.some((item) => isCoverItem(bytes, item, names)));

type List = {
  readonly bytes: Buffer;
  readonly items: readonly MemoryBox[];
  readonly names: readonly string[] | undefined;
};

function listsIn({ type, bytes }: MetadataBox): readonly List[] {
  if (bytes === undefined) return [];
  if (type === 'meta') return listOf(bytes);
  const [udta] = type === 'udta' ? boxesOf(bytes, 0, bytes.length) : [];
  if (!udta) return [];
  const metas = boxesOf(bytes, udta.body, udta.end).filter((part) => part.type === 'meta');
  return metas.flatMap(({ start, end }) => listOf(bytes.subarray(start, end)));
}

function listOf(bytes: Buffer): readonly List[] {
  const { children } = metaParts(bytes);
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  if (!list) return [];
  return [{ bytes, items: boxesOf(bytes, list.body, list.end), names: keys && keyNames(bytes, keys) }];
}

function namesInItem(bytes: Buffer, item: MemoryBox): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const { type, body, end } of boxesOf(bytes, item.body, item.end)) {
    if (type === 'data') names.push(undefined);
    else if (type === 'name' && names.length > 0)
      names[names.length - 1] = bytes.toString('utf8', Math.min(body + 4, end), end).replace(/\0.*$/s, '') || undefined;
  }
  return names;
}
