import { boxBytes, boxesOf, boxHeaders, newBox } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { HOLDS_POSITIONS, BOX_REASONS as REASONS } from './box-reasons.ts';
import { againstCamera, isCopiedWhole, isEmptySpace, oncePerKind } from './camera-boxes.ts';
import { type CoverFates, type CoversThere, fatesOfCovers } from './cover-fates.ts';
import { indexOf, metaParts, metaWithItems } from './meta-list.ts';
import { isCoverItem, itemName, keyNames, strayItem, tagOfUdta } from './movie-tags.ts';
import { namesOldProgram } from './old-programs.ts';
import { valuesOfItem } from './tag-values.ts';

/** Where a box of metadata lies: beside the movie box, in it, or in a track, by the number of the track in the file. */
type BoxPlace = 'file' | 'movie' | number;

/** A box of an MP4 or QuickTime file that describes the film: `udta`, `meta`, `uuid`, or one that nobody knows. */
export type MetadataBox = {
  readonly place: BoxPlace;
  readonly type: string;
  /** The whole box; undefined where it is too large to be read. */
  readonly bytes: Buffer | undefined;
  /** Why no rendition has it, where it is no box of an MP4 but stands in its place. */
  readonly leftOut?: string;
  /** The name of what stands in its place, where its type is none. */
  readonly name?: string;
  /** Whether covers in it are so large that they were not read: their streams have them. */
  readonly lacksCovers?: true;
};

/** What becomes of one piece of metadata: its line in the manifest. */
export type MetadataFate = {
  readonly place: string;
  readonly name: string;
  readonly fate: 'kept' | 'converted' | 'dropped';
  readonly why: string;
};

export type MetadataPlan = { readonly boxes: readonly MetadataBox[]; readonly fates: readonly MetadataFate[] };

/** The place in the source, for people, what keeps a box out, and what becomes of each cover, where they are not copied. */
type Within = {
  readonly where: string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly covers: CoverFates | undefined;
};

export const EMPTY = 'it is empty';
export const TOO_LARGE = 'it is larger than any real one';
const UNKNOWN = 'nobody can tell whether it holds for streams that were encoded again';

/**
 * A rendition: which of its tracks each track of the source is, which of the source's covers it has, and whether these
 * are written anew, as they lie elsewhere in the source.
 */
type DescribedFile = {
  readonly tracks: ReadonlyMap<number, number>;
  readonly covers: CoversThere;
  readonly hasArtwork?: boolean;
};

/** Decides what of a source's metadata goes into a rendition that is MP4 or MOV too. What goes is copied as it is. */
export function carriedMetadata(found: readonly MetadataBox[], into: DescribedFile): MetadataPlan {
  const covers = coversOf(into);
  const plans = found.map((each) => planOf(each, { tracks: into.tracks, covers }));
  return { boxes: plans.flatMap(({ boxes }) => boxes), fates: oncePerKind(plans.flatMap(({ fates }) => fates)) };
}

const WRITTEN_AS_COVER = "covers are written into iTunes' list: see the streams";

const coversOf = ({ covers, hasArtwork }: DescribedFile): CoverFates | undefined =>
  hasArtwork || covers.includes(false)
    ? fatesOfCovers(covers, { fate: 'converted', why: WRITTEN_AS_COVER })
    : undefined;

function planOf(
  box: MetadataBox,
  { tracks, covers }: Pick<DescribedFile, 'tracks'> & Pick<Within, 'covers'>,
): MetadataPlan {
  const { place, type, bytes } = box;
  const within = { reasons: REASONS, covers };
  const at = typeof place === 'number' ? tracks.get(place) : place;
  if (at === undefined) return nothing; // the track's own line says why it is not there
  const where = typeof place === 'number' ? `track ${place}` : place;
  const refused = (why: string): MetadataPlan => ({
    boxes: [],
    fates: [{ place: where, name: box.name ?? nameOf(type, bytes), fate: 'dropped', why }],
  });
  if (box.leftOut !== undefined) return refused(box.leftOut);
  if (bytes === undefined) return refused(TOO_LARGE);
  if (type === 'udta') return planOfUdta(bytes, { place: at, where, ...within });
  if (type !== 'meta' && type !== 'uuid' && !isCopiedWhole(type)) return refused(REASONS[type] ?? UNKNOWN);
  const reason = type === 'uuid' ? REASONS[uuidOf(bytes)] : againstCamera(type, bytes);
  if (reason !== undefined) return refused(reason);
  const kept = type === 'meta' ? metaWithout(bytes, { where, ...within }) : { bytes, fates: [] };
  if (kept === undefined) return refused(HOLDS_POSITIONS);
  if (type === 'meta' && itemNames(kept.bytes).length === 0) return { boxes: [], fates: kept.fates };
  return {
    boxes: [{ place: at, type, bytes: kept.bytes }],
    fates: [...(type === 'meta' ? itemsOf(kept.bytes, where) : [keptFate(where, nameOf(type, bytes))]), ...kept.fates],
  };
}

/** The boxes in `udta` are decided one by one. QuickTime closes the list with four zeros, which are not needed. */
function planOfUdta(bytes: Buffer, { place, ...within }: Within & { readonly place: BoxPlace }): MetadataPlan {
  const { where, reasons } = within;
  const [udta] = boxesOf(bytes, 0, bytes.length);
  const fates: MetadataFate[] = [];
  const parts: Buffer[] = [];
  for (const child of udta ? boxesOf(bytes, udta.body, udta.end) : []) {
    const own = boxBytes(bytes, child);
    if (isEmptySpace(own)) continue;
    const name = nameOf(child.type, own);
    const reason = reasonFor(own, reasons) ?? namesOldProgram(child.type, tagOfUdta(bytes, child)?.values[0]?.value);
    const kept = child.type === 'meta' ? metaWithout(own, within) : { bytes: own, fates: [] };
    if (reason !== undefined || kept === undefined) {
      fates.push({ place: where, name, fate: 'dropped', why: reason ?? HOLDS_POSITIONS });
      continue;
    }
    // a list that is empty, as a file without tags may have it, says nothing
    if (child.type !== 'meta' || itemNames(kept.bytes).length > 0) parts.push(kept.bytes);
    fates.push(...(child.type === 'meta' ? itemsOf(kept.bytes, where) : [keptFate(where, name)]), ...kept.fates);
  }
  return { boxes: parts.length > 0 ? [{ place, type: 'udta', bytes: newBox('udta', ...parts) }] : [], fates };
}

/** What keeps a box out: a `uuid` box by its id, every other box by its type. */
const reasonFor = (box: Buffer, reasons: Within['reasons']): string | undefined => {
  const type = box.toString('latin1', 4, 8);
  return reasons[type === 'uuid' ? uuidOf(box) : type];
};

export const FURTHER_LAYERS =
  'no decoder here gives the layers above the first, as of a second eye or of transparency: the picture is that of the first';
export const SECOND_EYE = 'no decoder here gives the second eye: the picture is that of the first';

/** Why a film that is streamed does not hide what its source hides. */
export const WHOLE_SHOWN = 'all of the picture is shown: what is streamed has no mark for a part of it';

export const NO_PLACE = 'Matroska has no place for it; container=mp4 keeps it';

/** Why a box goes into no rendition, whatever its container; undefined for those that MP4 keeps. */
export function againstBox(type: string, bytes: Buffer | undefined, isInUdta: boolean): string | undefined {
  if (bytes === undefined) return TOO_LARGE;
  if (type === 'meta')
    return metaParts(bytes).children.some((child) => child.type === 'iloc') ? HOLDS_POSITIONS : undefined;
  if (type === 'uuid') return REASONS[uuidOf(bytes)];
  if (isCopiedWhole(type)) return againstCamera(type, bytes);
  return REASONS[type] ?? (isInUdta ? undefined : UNKNOWN);
}

type LessMeta = { readonly bytes: Buffer; readonly fates: readonly MetadataFate[] };

/** Returns a `meta` box without the items that do not hold for the rendition; undefined where it points at bytes of the file. */
function metaWithout(bytes: Buffer, { where, reasons, covers }: Within): LessMeta | undefined {
  const { children, head } = metaParts(bytes);
  if (children.some(({ type }) => type === 'iloc')) return undefined;
  const [keys, list] = ['keys', 'ilst'].map((name) => children.find(({ type }) => type === name));
  const names = keys && keyNames(bytes, keys);
  const fates: MetadataFate[] = [];
  const items = (list ? boxesOf(bytes, list.body, list.end) : []).filter((item) => {
    const name = names ? names[indexOf(bytes, item) - 1] : item.type;
    if (name === undefined) {
      fates.push({ place: where, ...strayItem(indexOf(bytes, item)) });
      return false;
    }
    if (covers && isCoverItem(bytes, item, names)) {
      for (let i = 0; i < valuesOfItem(bytes, item).length; i++) fates.push({ place: where, name, ...covers() });
      return false;
    }
    const [first] = valuesOfItem(bytes, item);
    const why = (names ? undefined : reasons[name]) ?? namesOldProgram(name, first?.value);
    if (why !== undefined) fates.push({ place: where, name: shownType(name), fate: 'dropped', why });
    return why === undefined;
  });
  if (fates.length === 0)
    return { bytes: newBox('meta', head, ...children.map((child) => boxBytes(bytes, child))), fates };
  return { bytes: metaWithItems(bytes, items), fates };
}

const itemsOf = (bytes: Buffer, where: string): readonly MetadataFate[] =>
  itemNames(bytes).map((name) => keptFate(where, name));

/** What a `meta` box says by other means than a list. */
const BESIDE_LISTS: ReadonlySet<string> = new Set(['xml ', 'bxml', 'ID32']);

/** The names of what a `meta` box holds: keys (QuickTime), or the items of iTunes' list. */
export function itemNames(bytes: Buffer): readonly string[] {
  const { children } = metaParts(bytes);
  const keys = children.find(({ type }) => type === 'keys');
  const list = children.find(({ type }) => type === 'ilst');
  if (!keys && !list) return ['meta'];
  const items = keys || !list ? [] : boxesOf(bytes, list.body, list.end).map((item) => itemName(bytes, item));
  const others = children.filter(({ type }) => BESIDE_LISTS.has(type)).map(({ type }) => type.trim());
  return [...(keys ? keyNames(bytes, keys) : items), ...others];
}

const keptFate = (place: string, name: string): MetadataFate => ({ place, name, fate: 'kept', why: 'copied as it is' });

const nothing: MetadataPlan = { boxes: [], fates: [] };

/** The id of the box of XMP. */
export const XMP = 'be7acfcb97a942e89c71999491e3afac';

/** The name of a box for people. */
export function nameOf(type: string, bytes: Buffer | undefined): string {
  if (type !== 'uuid' || bytes === undefined) return shownType(type);
  const id = uuidOf(bytes);
  return id === XMP ? 'XMP' : `uuid ${id}`;
}

/** The 16 bytes behind the header of a `uuid` box, in hexadecimal. */
function uuidOf(bytes: Buffer): string {
  const [box] = boxHeaders(bytes, 0, bytes.length);
  return box ? bytes.toString('hex', box.body, box.body + 16) : '';
}
