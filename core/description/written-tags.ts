import { childElements, newElement, textElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { bibliographic, shortest } from './language.ts';
import type { TagValue } from './tag-values.ts';

/** A tag that is written into Matroska by this name. */
export type WrittenTag = TagValue & { readonly as: string };

/**
 * The levels by which Matroska's readers know a show, a season and an episode, besides the names that other containers have for
 * them. ffmpeg goes by the words of levels alone: it takes the title of a show that has none for that of the film, and the number
 * of an episode for that of a track.
 */
const LEVELS: Readonly<Record<string, Level>> = {
  SHOW: { level: 70, word: 'COLLECTION', name: 'TITLE' },
  SEASON_NUMBER: { level: 60, word: 'SEASON', name: 'PART_NUMBER' },
  EPISODE_SORT: { level: 50, word: 'EPISODE', name: 'PART_NUMBER' },
};
type Level = { readonly level: number; readonly word: string; readonly name: string };

/** Returns Matroska's elements for tags of the film, or of one track by its id. */
export function writtenTags(tags: readonly WrittenTag[], trackUid?: Buffer): readonly Buffer[] {
  if (tags.length === 0) return [];
  const aimed = trackUid ? [newElement(MKV.TagTrackUID, trackUid)] : [];
  const isOfLevel = ({ as }: WrittenTag) => trackUid === undefined && levelIn(as) !== undefined;
  const ofFilm = nested(tags.filter((tag) => !isOfLevel(tag)));
  const all = inParts(ofFilm).map((part) =>
    newElement(MKV.Tag, newElement(MKV.Targets, ...aimed), Buffer.concat(part)),
  );
  const levels = trackUid ? [] : tags.flatMap(atItsLevel);
  return [...all, ...levels, ...Object.keys(WORDS).flatMap((word) => ofLevel(word, tags.filter(isOfLevel)))];
}

/** The levels of Matroska that stand before the name of a tag of a part of the film, or of what it is a part of: "season/ARTIST". */
const WORDS: Readonly<Record<string, number>> = {
  collection: 70,
  season: 60,
  part: 40,
  chapter: 30,
  scene: 20,
  shot: 10,
};

const levelIn = (name: string): string | undefined => {
  const [word = '', ...others] = name.split('/');
  return others.length > 0 && WORDS[word.toLowerCase()] !== undefined ? word.toLowerCase() : undefined;
};

function ofLevel(word: string, tags: readonly WrittenTag[]): readonly Buffer[] {
  const own = tags.filter(({ as }) => levelIn(as) === word);
  if (own.length === 0) return [];
  const level = [uintElement(MKV.TargetTypeValue, WORDS[word] ?? 0), textElement(MKV.TargetType, word.toUpperCase())];
  const within = own.map((tag) => ({ ...tag, as: tag.as.slice(word.length + 1) }));
  return inParts(nested(within)).map((part) =>
    newElement(MKV.Tag, newElement(MKV.Targets, ...level), Buffer.concat(part)),
  );
}

/** Tags within tags: "ACTOR/CHARACTER" belongs to the ACTOR of the same number, where there are as many of both. */
function nested(tags: readonly WrittenTag[]): readonly Buffer[] {
  const byName = new Map<string, WrittenTag[]>();
  for (const tag of tags) {
    const own = byName.get(tag.as);
    if (own) own.push(tag);
    else byName.set(tag.as, [tag]);
  }
  const inside = new Map<string, string[]>();
  const isInside = new Set<string>();
  for (const [name, own] of byName) {
    const parent = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    if (parent === '' || byName.get(parent)?.length !== own.length) continue;
    isInside.add(name);
    const others = inside.get(parent);
    if (others) others.push(name);
    else inside.set(parent, [name]);
  }
  const whole = (tag: WrittenTag, number: number, as: string): Buffer => {
    const children = (inside.get(tag.as) ?? []).flatMap((name) => {
      const child = byName.get(name)?.[number];
      return child ? [whole(child, number, name.slice(tag.as.length + 1))] : [];
    });
    return newElement(MKV.SimpleTag, ...childElements(simpleTag({ ...tag, as })), ...children);
  };
  return [...byName].flatMap(([name, own]) =>
    isInside.has(name) ? [] : own.map((tag, number) => whole(tag, number, name)),
  );
}

/** A reader of the finished file takes elements of up to 1 MiB for tags. */
const MOST_BYTES_OF_TAG = 512 * 1024;

function inParts(elements: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const parts: Buffer[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const element of elements) {
    if (bytes + element.length > MOST_BYTES_OF_TAG) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(element);
    bytes += element.length;
  }
  return parts;
}

function atItsLevel(tag: WrittenTag): readonly Buffer[] {
  const at = LEVELS[tag.as];
  if (at === undefined) return [];
  const level = [uintElement(MKV.TargetTypeValue, at.level), textElement(MKV.TargetType, at.word)];
  const targets = newElement(MKV.Targets, ...level);
  return [newElement(MKV.Tag, targets, simpleTag({ ...tag, as: at.name }))];
}

function simpleTag({ as, value, language }: WrittenTag): Buffer {
  const code = bibliographic(language);
  const languages =
    code === undefined || language === undefined
      ? []
      : [textElement(MKV.TagLanguage, code), textElement(MKV.TagLanguageBCP47, shortest(language))];
  const content = typeof value === 'string' ? textElement(MKV.TagString, value) : newElement(MKV.TagBinary, value);
  return newElement(MKV.SimpleTag, textElement(MKV.TagName, as), ...languages, content);
}
