import { childElements, childOf, dataOf, idOf, textIn } from './ebml.ts';
import { MKV } from './matroska-ids.ts';
import { reasonAgainst } from './matroska-tags.ts';
import type { MetadataFate } from './metadata.ts';

/** What a tag may belong to besides the film, by the element that names it. */
const PLACES: ReadonlyMap<number, string> = new Map([
  [MKV.TagTrackUID, 'track'],
  [MKV.TagEditionUID, 'edition'],
  [MKV.TagChapterUID, 'chapter'],
  [MKV.TagAttachmentUID, 'attachment'],
]);

const KEEPS = 'container=mkv keeps it';

/** Returns the lines of the tags of a Matroska file that MP4 has no place for: those of single things in it, and those that are no text. */
export function leftByMp4(tags: readonly Buffer[]): readonly MetadataFate[] {
  return tags.flatMap((tag) => {
    const targets = childOf(tag, MKV.Targets);
    const aimed = (targets ? childElements(targets) : []).filter((field) => dataOf(field).some((byte) => byte !== 0));
    const [place] = aimed.flatMap((field) => PLACES.get(idOf(field)) ?? []);
    return childElements(tag).flatMap((field) => fatesOf(field, place, ''));
  });
}

function fatesOf(field: Buffer, place: string | undefined, prefix: string): readonly MetadataFate[] {
  if (idOf(field) !== MKV.SimpleTag) return [];
  const name = `${prefix}${textIn(childOf(field, MKV.TagName)) ?? ''}`;
  const inner = childElements(field).flatMap((child) => fatesOf(child, place, `${name}/`));
  const why = reasonOf(field, name, place);
  return why === undefined ? inner : [{ place: place ?? 'movie', name, fate: 'dropped', why }, ...inner];
}

function reasonOf(field: Buffer, name: string, place: string | undefined): string | undefined {
  // the picture's time code and reel have lines of their own, and counts of tracks one line for all
  if (place === 'track' && (/^(timecode|reel_name)$/i.test(name) || reasonAgainst(name, OF_A_TRACK) === COUNTS))
    return undefined;
  if (place !== undefined)
    return (
      reasonAgainst(name, OF_A_TRACK) ?? `MP4 has no place for a tag of ${ARTICLES[place] ?? 'a'} ${place}; ${KEEPS}`
    );
  const isBinary = childOf(field, MKV.TagBinary) !== undefined && childOf(field, MKV.TagString) === undefined;
  return isBinary ? `its value is no text, and the tags of MP4 that are written are texts; ${KEEPS}` : undefined;
}

const OF_A_TRACK = { isRecoded: true, isOfTrack: true };
const COUNTS = reasonAgainst('BPS', OF_A_TRACK);
const ARTICLES: Readonly<Record<string, string>> = { edition: 'an', attachment: 'an' };
