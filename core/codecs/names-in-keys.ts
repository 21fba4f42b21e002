import type { Enlargement } from '../upscale/enlargement.ts';
import type { EncodeSpec } from './encode-spec.ts';
import { codecNamed } from './index.ts';
import type { RenditionSpec } from './rendition-spec.ts';

/** Fields of a specification that were given other names after the first keys were written. */
const FIELDS_IN_KEYS: Readonly<Record<string, string>> = { intermediates: 'diet', timeFactor: 'slower' };

/**
 * Returns the specification as the keys of pieces hash it: by the names of the first keys, so that cached pieces are found. The
 * parts of other fields and shapes are those of a whole film; a piece's key has its own. Light levels that stand in a box of the finished file are
 * no part of a piece.
 */
export const specInKeys = ({ interlacedParts: _, shapedParts: __, ...spec }: EncodeSpec): object =>
  Object.fromEntries(
    Object.entries({ ...spec, ...enlargeInKeys(spec), ...(codecNamed(spec.codec).hasHdrInBoxes && WITHOUT_HDR) }).map(
      ([name, value]) => [FIELDS_IN_KEYS[name] ?? name, value],
    ),
  );

const WITHOUT_HDR = { masterDisplay: undefined, contentLight: undefined };

/** Returns the rendition as the keys of recipes hash it: by the names of the first keys, so that nothing is made anew. */
export const renditionInKeys = (rendition: RenditionSpec): object => ({
  ...rendition,
  ...(rendition.delivery === 'live' && { delivery: 'stage' }),
  ...enlargeInKeys(rendition),
});

/** The location of a user's own model was `lies` in the first keys. */
function enlargeInKeys({ enlarge }: { readonly enlarge?: Enlargement | undefined }): object {
  if (!enlarge?.own) return {};
  const { location, ...own } = enlarge.own;
  return { enlarge: { ...enlarge, own: { ...own, lies: location } } };
}
