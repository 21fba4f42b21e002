import { newElement, textElement, uintElement } from './ebml.ts';
import { bibliographic } from './language.ts';
import { MKV } from './matroska-ids.ts';
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
  const all = inParts(tags.map(simpleTag)).map((part) =>
    newElement(MKV.Tag, newElement(MKV.Targets, ...aimed), ...part),
  );
  const levels = trackUid ? [] : tags.flatMap(atItsLevel);
  return [...all, ...levels];
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
      : [textElement(MKV.TagLanguage, code), textElement(MKV.TagLanguageBCP47, language.replaceAll('_', '-'))];
  const content = typeof value === 'string' ? textElement(MKV.TagString, value) : newElement(MKV.TagBinary, value);
  return newElement(MKV.SimpleTag, textElement(MKV.TagName, as), ...languages, content);
}
