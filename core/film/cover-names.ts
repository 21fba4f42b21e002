import { boxesOf } from './boxes.ts';
import { type MetadataBox, metaParts } from './metadata.ts';

/** The names of the covers in iTunes' list, in order: a cover may have a box with its name behind it. */
export const coverNames = (boxes: readonly MetadataBox[]): readonly (string | undefined)[] =>
  boxes.flatMap(({ type, bytes }) => {
    if (bytes === undefined) return [];
    if (type === 'meta') return namesInMeta(bytes);
    const [udta] = type === 'udta' ? boxesOf(bytes, 0, bytes.length) : [];
    if (!udta) return [];
    const metas = boxesOf(bytes, udta.body, udta.end).filter((part) => part.type === 'meta');
    return metas.flatMap(({ start, end }) => namesInMeta(bytes.subarray(start, end)));
  });

function namesInMeta(bytes: Buffer): readonly (string | undefined)[] {
  const { children } = metaParts(bytes);
  const list = children.find(({ type }) => type === 'ilst');
  if (!list || children.some(({ type }) => type === 'keys')) return [];
  const names: (string | undefined)[] = [];
  for (const item of boxesOf(bytes, list.body, list.end).filter(({ type }) => type === 'covr')) {
    for (const { type, body, end } of boxesOf(bytes, item.body, item.end)) {
      if (type === 'data') names.push(undefined);
      else if (type === 'name' && names.length > 0)
        names[names.length - 1] =
          bytes.toString('utf8', Math.min(body + 4, end), end).replace(/\0.*$/s, '') || undefined;
    }
  }
  return names;
}
