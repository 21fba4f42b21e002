import { boxesOf, type MemoryBox } from '../bytes/boxes.ts';
import { itemLists } from './item-lists.ts';
import type { MetadataBox } from './metadata.ts';
import { isCoverItem } from './movie-tags.ts';

/** A cover that ffmpeg makes no stream of, since its box does not say that it is a picture. */
type UntypedCover = { readonly bytes: Buffer; readonly extension: string; readonly mediaType: string };

/** The types of data that ffmpeg takes for pictures: JPEG, PNG and BMP. */
const TYPED: ReadonlySet<number> = new Set([13, 14, 27]);

/** Returns the covers of iTunes' lists whose type is another, and whose bytes begin as a picture does. */
export const untypedCovers = (boxes: readonly MetadataBox[]): readonly UntypedCover[] =>
  itemLists(boxes).flatMap(({ bytes, items, names }) =>
    names ? [] : items.filter(({ type }) => type === 'covr').flatMap((item) => coversIn(bytes, item)),
  );

function coversIn(bytes: Buffer, { body, end }: MemoryBox): readonly UntypedCover[] {
  return boxesOf(bytes, body, end).flatMap((data) => {
    if (data.type !== 'data' || data.end - data.body < HEAD_BYTES) return [];
    const picture = bytes.subarray(data.body + HEAD_BYTES, data.end);
    const kind = KINDS.find(({ head }) => picture.subarray(0, head.length).equals(head));
    if (!kind || TYPED.has(bytes.readUInt32BE(data.body) & 0xff_ff_ff)) return [];
    return [{ bytes: picture, extension: kind.extension, mediaType: kind.mediaType }];
  });
}

/** The type and the language of a value. */
const HEAD_BYTES = 8;
const KINDS = [
  { head: Buffer.from('ffd8ff', 'hex'), extension: 'jpg', mediaType: 'image/jpeg' },
  { head: Buffer.from('89504e470d0a1a0a', 'hex'), extension: 'png', mediaType: 'image/png' },
] as const;

/** Whether each cover of a file is a stream of it or none, in the order of the boxes. */
export const coverStreams = (boxes: readonly MetadataBox[]): readonly ('stream' | 'none')[] =>
  itemLists(boxes).flatMap(({ bytes, items, names }) =>
    items
      .filter((item) => isCoverItem(bytes, item, names))
      .flatMap((item) => boxesOf(bytes, item.body, item.end))
      .filter(({ type, body, end }) => type === 'data' && end - body >= HEAD_BYTES)
      .map(({ body }) => (TYPED.has(bytes.readUInt32BE(body) & 0xff_ff_ff) ? 'stream' : 'none')),
  );
