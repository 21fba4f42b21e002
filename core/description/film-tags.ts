import { childElements, childOf, dataOf, idOf, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { idIn, TARGET_IDS } from './matroska-tags.ts';
import { keyName } from './tag-names.ts';
import type { TagValue } from './tag-values.ts';

/** A tag of the whole film, by the name that other containers have for it. */
export type FilmTag = TagValue & { readonly name: string };

/** Matroska's levels of a film, a season and a series (Matroska, Tagging: TargetTypeValue). */
const [SERIES, SEASON, FILM] = [70, 60, 50];

/** The names that a target makes of a tag: as TITLE of a series it is the show. */
const BY_LEVEL: Readonly<Record<string, string>> = {
  [`${SERIES} title`]: 'show',
  [`${SEASON} part_number`]: 'season_number',
  [`${FILM} part_number`]: 'episode_sort',
};
const LEVEL_NAMES: Readonly<Record<number, string>> = {
  70: 'collection',
  60: 'season',
  40: 'part',
  30: 'chapter',
  20: 'scene',
  10: 'shot',
};

/**
 * Returns the tags of the whole film from those of a Matroska file. What describes a season or a series and has no name of
 * its own elsewhere begins with its level: "season/artist". What is said twice is there once.
 */
export function filmTags(tags: readonly Buffer[]): readonly FilmTag[] {
  const found = new Map<string, FilmTag>();
  for (const tag of tags) {
    const targets = childOf(tag, MKV.Targets);
    const aimed = targets ? childElements(targets) : [];
    if (aimed.some((field) => TARGET_IDS.includes(idOf(field)) && idIn(field) !== '0')) continue;
    const level = Number(uintIn(targets && childOf(targets, MKV.TargetTypeValue)) ?? FILM);
    for (const { name, value, language } of valuesIn(tag, '')) {
      const known = BY_LEVEL[`${level} ${name}`] ?? (level === FILM ? name : `${LEVEL_NAMES[level] ?? level}/${name}`);
      addTo(found, { name: known, value, language });
    }
  }
  const all = [...found.values()];
  const asked = ({ name, language = '' }: FilmTag) => `${name}\0${language}`;
  const said = new Set(all.filter(({ value }) => value.length > 0).map(asked));
  return all.filter((tag) => tag.value.length > 0 || !said.has(asked(tag)));
}

function addTo(found: Map<string, FilmTag>, tag: FilmTag): void {
  const { name, value, language = '' } = tag;
  const key = `${name}\0${language}\0${typeof value === 'string' ? value : `\0${value.toString('base64')}`}`;
  if (!found.has(key)) found.set(key, tag);
}

function valuesIn(tag: Buffer, prefix: string): readonly FilmTag[] {
  return childElements(tag).flatMap((field) => {
    if (idOf(field) !== MKV.SimpleTag) return [];
    const name = `${prefix}${keyName(textIn(childOf(field, MKV.TagName)) ?? '')}`;
    const bytes = childOf(field, MKV.TagBinary);
    const value = textIn(childOf(field, MKV.TagString)) ?? (bytes && dataOf(bytes));
    const own = value === undefined || name === '' ? [] : [{ name, value, language: languageOf(field) }];
    return [...own, ...valuesIn(field, `${name}/`)];
  });
}

/** A tag without a language has the language "und", which is none. */
function languageOf(field: Buffer): string | undefined {
  const told = textIn(childOf(field, MKV.TagLanguageBCP47)) ?? textIn(childOf(field, MKV.TagLanguage));
  return told === undefined || told === '' || told.startsWith('und') ? undefined : told;
}
