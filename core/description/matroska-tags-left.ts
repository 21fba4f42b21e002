import { childElements, childOf, dataOf, idOf, textIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { type MatroskaDescription, thingsOf } from './matroska.ts';
import { aimsAtNothing, idIn, reasonAgainst } from './matroska-tags.ts';
import type { MetadataFate } from './metadata.ts';

/** What a tag may belong to besides the film, by the element that names it. */
const PLACES: ReadonlyMap<number, string> = new Map([
  [MKV.TagTrackUID, 'track'],
  [MKV.TagEditionUID, 'edition'],
  [MKV.TagChapterUID, 'chapter'],
  [MKV.TagAttachmentUID, 'attachment'],
]);

const KEEPS = 'container=mkv keeps it';

/** Returns the lines of the tags of a Matroska file that MP4 has no place for: those of single things in it. */
export function leftByMp4(found: MatroskaDescription): readonly MetadataFate[] {
  const things = thingsOf(found);
  return found.tags.flatMap((tag) => {
    const targets = childOf(tag, MKV.Targets);
    const aimed = (targets ? childElements(targets) : []).filter((field) => dataOf(field).some((byte) => byte !== 0));
    const [place] = aimed.flatMap((field) => PLACES.get(idOf(field)) ?? []);
    const nowhere = aimsAtNothing(aimed, things);
    // the line of a track that ffmpeg does not read tells of its tags, too
    const isUnread = aimed.length > 0 && aimed.every((field) => found.unreadTracks?.includes(idIn(field)));
    return place === undefined || isUnread
      ? []
      : childElements(tag).flatMap((field) => fatesOf(field, { place, nowhere }, ''));
  });
}

type Aim = { readonly place: string; readonly nowhere: string | undefined };

function fatesOf(field: Buffer, aim: Aim, prefix: string): readonly MetadataFate[] {
  if (idOf(field) !== MKV.SimpleTag) return [];
  const name = `${prefix}${textIn(childOf(field, MKV.TagName)) ?? ''}`;
  const inner = childElements(field).flatMap((child) => fatesOf(child, aim, `${name}/`));
  const why = reasonOf(name, aim);
  return why === undefined ? inner : [{ place: aim.place, name, fate: 'dropped', why }, ...inner];
}

function reasonOf(name: string, { place, nowhere }: Aim): string | undefined {
  if (nowhere !== undefined) return nowhere;
  const why = reasonAgainst(name, OF_A_TRACK);
  // the picture's time code and reel have lines of their own, and counts of tracks one line for all
  if (place === 'track' && (/^(timecode|reel_name)$/i.test(name) || why === COUNTS)) return undefined;
  return why ?? `MP4 has no place for a tag of ${ARTICLES[place] ?? 'a'} ${place}; ${KEEPS}`;
}

const OF_A_TRACK = { isRecoded: true, isOfTrack: true };
const COUNTS = reasonAgainst('BPS', OF_A_TRACK);
const ARTICLES: Readonly<Record<string, string>> = { edition: 'an', attachment: 'an' };
