import { childElements, childOf, idOf, newElement, textElement, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { hiddenInWebm, isHiddenChapter } from '../description/chapter-losses.ts';
import { bibliographic } from '../description/language.ts';
import type { MatroskaDescription } from '../description/matroska.ts';
import { countChapters, isOfOtherFile, playedEdition } from '../description/matroska-chapters.ts';
import type { TrackFields } from '../description/matroska-tracks.ts';
import type { MetadataFate } from '../description/metadata.ts';
import type { Stream } from '../film/probe.ts';
import { WEBM_MODES } from '../film/two-eyes.ts';
import { type MatroskaPlan, type MatroskaSource, planMatroska } from './matroska-plan.ts';
import { plansOfTracks } from './plans-of-tracks.ts';

/** Decides how a rendition in WebM describes the film: as Matroska does, without the elements that WebM does not have. */
export function planWebm(source: MatroskaSource): {
  readonly plan: MatroskaPlan;
  readonly fates: readonly MetadataFate[];
} {
  const found = source.found && {
    ...source.found,
    ...chaptersOf(source.found),
    tags: source.found.tags.filter(isHeld),
  };
  const { plan, fates } = planMatroska({ ...source, found });
  const streams = plansOfTracks(source).map(({ stream }) => stream);
  const tracks = plan.tracks.map((track, i) =>
    inWebm(track, { place: `track ${streams[i]?.index ?? i}`, is: streams[i] }),
  );
  return {
    plan: {
      ...plan,
      attachments: plan.attachments.filter(({ content }) => content === undefined),
      tags: plan.tags.map(inThreeLetters),
      tracks: tracks.map(({ fields, video, isWhole }) => ({ fields, video, isWhole })),
    },
    fates: [...fates, ...tracks.flatMap((track) => track.fates), ...leftFates(source.found)],
  };
}

const LEFT = 'WebM has no place for it; container=mkv keeps it';

const AIMED_ELSEWHERE: ReadonlySet<number> = new Set([MKV.TagEditionUID, MKV.TagChapterUID, MKV.TagAttachmentUID]);

/** WebM's tags belong to the film or to tracks. */
function isHeld(tag: Buffer): boolean {
  const targets = childOf(tag, MKV.Targets);
  return !targets || childElements(targets).every((field) => !AIMED_ELSEWHERE.has(idOf(field)));
}

/** The elements for languages by BCP 47, which WebM does not have, with those for three letters that it has. */
const LANGUAGES: ReadonlyMap<number, number> = new Map([
  [MKV.LanguageBCP47, MKV.Language],
  [MKV.ChapLanguageBCP47, MKV.ChapLanguage],
  [MKV.TagLanguageBCP47, MKV.TagLanguage],
]);
const HOLDERS: ReadonlySet<number> = new Set([MKV.Tag, MKV.SimpleTag, MKV.ChapterAtom, MKV.ChapterDisplay]);

/** An element whose languages are stated in three letters, also those within it. */
function inThreeLetters(element: Buffer): Buffer {
  const id = idOf(element);
  return HOLDERS.has(id) ? newElement(id, ...statedInLetters(childElements(element)).map(inThreeLetters)) : element;
}

function statedInLetters(fields: readonly Buffer[]): readonly Buffer[] {
  const tag = fields.find((field) => LANGUAGES.has(idOf(field)));
  const older = tag && LANGUAGES.get(idOf(tag));
  if (tag === undefined || older === undefined) return fields;
  const others = fields.filter((field) => !LANGUAGES.has(idOf(field)) && idOf(field) !== older);
  return [...others, textElement(older, bibliographic(textIn(tag)) ?? 'und')];
}

/** The flags of tracks that WebM does not have, by their names for people. */
const FLAGS: ReadonlyMap<number, string> = new Map([
  [MKV.FlagHearingImpaired, 'for the hard of hearing'],
  [MKV.FlagVisualImpaired, 'for the visually impaired'],
  [MKV.FlagTextDescriptions, 'descriptions as text'],
  [MKV.FlagOriginal, 'original language'],
  [MKV.FlagCommentary, 'commentary'],
]);

function inWebm(
  track: TrackFields,
  { place, is }: { readonly place: string; readonly is: Stream | undefined },
): TrackFields & { readonly fates: readonly MetadataFate[] } {
  const { fields, video, isWhole } = track;
  const flags = fields.filter((field) => FLAGS.has(idOf(field)));
  const tag = textIn(fields.find((field) => idOf(field) === MKV.LanguageBCP47));
  const held = video.filter((field) => idOf(field) !== MKV.StereoMode || WEBM_MODES.has(Number(uintIn(field) ?? 0n)));
  const lost = (name: string): MetadataFate => ({ place, name, fate: 'dropped', why: LEFT });
  return {
    fields: statedInLetters(fields).filter((field) => !FLAGS.has(idOf(field))),
    video: held,
    isWhole,
    fates: [
      ...flags
        .filter((flag) => uintIn(flag) === 1n && !isCodecOfText(flag, is))
        .map((flag) => lost(FLAGS.get(idOf(flag)) ?? '')),
      ...(tag !== undefined && /[-_]/.test(tag) ? [languageFate(place, tag)] : []),
    ],
  };
}

/** WebM says by the name of its codec that a text describes the picture: D_WEBVTT/DESCRIPTIONS. */
const isCodecOfText = (flag: Buffer, is: Stream | undefined): boolean =>
  idOf(flag) === MKV.FlagTextDescriptions && is?.type === 'subtitle';

const languageFate = (place: string, tag: string): MetadataFate => ({
  ...{ place, name: 'language', fate: 'converted' },
  why: `WebM states languages in three letters: ${tag} becomes ${bibliographic(tag) ?? 'und'}`,
});

/** What chapters have in WebM, which has one edition, without a name of its own, and chapters that all are shown. */
const OF_CHAPTERS: ReadonlySet<number> = new Set([
  ...[MKV.ChapterAtom, MKV.ChapterUID, MKV.ChapterStringUID, MKV.ChapterTimeStart, MKV.ChapterTimeEnd],
  ...[MKV.ChapterDisplay, MKV.ChapString, MKV.ChapLanguage, MKV.ChapLanguageBCP47, MKV.ChapCountry],
]);

function chaptersOf({ chapters }: MatroskaDescription): Pick<MatroskaDescription, 'chapters'> {
  const played = chapters && playedEdition(chapters);
  return {
    chapters: played && newElement(MKV.Chapters, newElement(MKV.EditionEntry, ...shownIn(played).map(inThreeLetters))),
  };
}

const shownIn = (element: Buffer): readonly Buffer[] =>
  childElements(element)
    .filter((part) => OF_CHAPTERS.has(idOf(part)) && !isHiddenChapter(part) && !isOfOtherFile(part))
    .map((part) => (HOLDERS.has(idOf(part)) ? newElement(idOf(part), ...shownIn(part)) : part));

/** The lines of what the source says and WebM has no place for. */
function leftFates(found: MatroskaDescription | undefined): readonly MetadataFate[] {
  if (!found) return [];
  const left = found.tags.filter((tag) => !isHeld(tag));
  const names = [...new Set(left.flatMap((tag) => childElements(tag).flatMap(namesOf)))];
  const editions = found.chapters ? countChapters(found.chapters).editions : 0;
  return [
    ...names.map((name): MetadataFate => ({ place: 'movie', name, fate: 'dropped', why: LEFT })),
    ...(found.chapters ? hiddenInWebm(found.chapters) : []),
    ...(editions > 1 ? [{ place: 'movie', name: 'editions', fate: 'dropped', why: ONE_EDITION } as const] : []),
  ];
}

const ONE_EDITION = 'WebM has one edition of chapters: the one that players play is kept; container=mkv keeps all';

const namesOf = (field: Buffer): readonly string[] => {
  const name = idOf(field) === MKV.SimpleTag ? textIn(childOf(field, MKV.TagName)) : undefined;
  return name === undefined ? [] : [name];
};
