import { boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import { itemLists } from './item-lists.ts';
import type { MetadataBox } from './metadata.ts';
import { isCoverItem } from './movie-tags.ts';

/** The names of the covers in the order of their streams: in iTunes' list a cover may have a box with its name behind it. */
export const coverNames = (boxes: readonly MetadataBox[]): readonly (string | undefined)[] =>
  itemLists(boxes).flatMap(({ bytes, items, names }) => {
    const covers = items.filter((item) => isCoverItem(bytes, item, names));
    return covers.flatMap((item) => namesInItem(bytes, item));
  });

/** Whether a cover is among QuickTime's keys, from where ffmpeg writes it into iTunes' list of an MP4. */
export const hasArtwork = (boxes: readonly MetadataBox[]): boolean =>
  itemLists(boxes).some(
    ({ bytes, items, names }) => names !== undefined && items.some((item) => isCoverItem(bytes, item, names)),
  );

function namesInItem(bytes: Buffer, item: MemoryBox): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const { type, body, end } of boxesOf(bytes, item.body, item.end)) {
    if (type === 'data') names.push(undefined);
    else if (type === 'name' && names.length > 0)
      names[names.length - 1] = bytes.toString('utf8', Math.min(body + 4, end), end).replace(/\0.*$/s, '') || undefined;
  }
  return names;
}
