import { boxesOf } from './boxes.ts';
import { type MetadataBox, metaParts } from './metadata.ts';

/** A cover that ffmpeg makes no stream of, since its box does not say that it is a picture. */
type UntypedCover = { readonly bytes: Buffer; readonly extension: string; readonly mediaType: string };

/** The types of data that ffmpeg takes for pictures: JPEG, PNG and BMP. */
const TYPED: ReadonlySet<number> = new Set([13, 14, 27]);

/** Returns the covers of iTunes' lists whose type is another, and whose bytes begin as a picture does. */
export const untypedCovers = (boxes: readonly MetadataBox[]): readonly UntypedCover[] =>
  boxes.flatMap(({ type, bytes }) => {
    if (bytes === undefined) return [];
    if (type === 'meta') return coversIn(bytes);
    const [udta] = type === 'udta' ? boxesOf(bytes, 0, bytes.length) : [];
    if (!udta) return [];
    const metas = boxesOf(bytes, udta.body, udta.end).filter((part) => part.type === 'meta');
    return metas.flatMap(({ start, end }) => coversIn(bytes.subarray(start, end)));
  });

function coversIn(bytes: Buffer): readonly UntypedCover[] {
  const { children } = metaParts(bytes);
  const list = children.find(({ type }) => type === 'ilst');
  if (!list || children.some(({ type }) => type === 'keys')) return [];
  const items = boxesOf(bytes, list.body, list.end).filter(({ type }) => type === 'covr');
  return items.flatMap(({ body, end }) =>
    boxesOf(bytes, body, end).flatMap((data) => {
      if (data.type !== 'data' || data.end - data.body < HEAD_BYTES) return [];
      const picture = bytes.subarray(data.body + HEAD_BYTES, data.end);
      const kind = KINDS.find(({ head }) => picture.subarray(0, head.length).equals(head));
      if (!kind || TYPED.has(bytes.readUInt32BE(data.body) & 0xff_ff_ff)) return [];
      return [{ bytes: picture, extension: kind.extension, mediaType: kind.mediaType }];
    }),
  );
}

/** The type and the language of a value. */
const HEAD_BYTES = 8;
const KINDS = [
  { head: Buffer.from('ffd8ff', 'hex'), extension: 'jpg', mediaType: 'image/jpeg' },
  { head: Buffer.from('89504e470d0a1a0a', 'hex'), extension: 'png', mediaType: 'image/png' },
] as const;
