import { idOf, textIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { CoversThere } from '../description/cover-fates.ts';
import { hasArtwork } from '../description/cover-names.ts';
import { type FilmTag, filmTags } from '../description/film-tags.ts';
import { iso639 } from '../description/language.ts';
import { linkFates, type MatroskaDescription } from '../description/matroska.ts';
import { COUNTED, countsTracks, STATISTICS } from '../description/matroska-tags.ts';
import { leftByMp4 } from '../description/matroska-tags-left.ts';
import { carriedMetadata, type MetadataBox, type MetadataFate, type MetadataPlan } from '../description/metadata.ts';
import { movieInMatroska } from '../description/movie-in-matroska.ts';
import { needsExtendedLanguage } from '../description/movie-languages.ts';
import { OLD_PROGRAM, withFirmware, withoutOldWriter } from '../description/old-programs.ts';
import { asFilmTags, matroskaOfTags, metadataOfTags } from '../description/tag-boxes.ts';
import { coverStreams, untypedCovers } from '../description/untyped-covers.ts';
import type { WrittenTag } from '../description/written-tags.ts';
import { isMovie, type Probe, type Stream } from '../film/probe.ts';
import { tagsOfStreams } from '../film/tags-of-streams.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

type MetadataSource = {
  readonly probe: Probe;
  readonly boxes: readonly MetadataBox[];
  /** How a Matroska source describes its film. */
  readonly found: MatroskaDescription | undefined;
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
  readonly container: Container;
};

/** What ffmpeg is told of a file's tags: the names that it must not copy, and when the film was made. */
export type TagsOfFile = { readonly without: readonly string[]; readonly createdAt: string | undefined };

/** Decides how a rendition that is no stream describes the film, from how its source does. */
export function planMetadata(source: MetadataSource): MetadataPlan {
  const { probe, boxes, found, plans, mainStream, container } = source;
  if (isInMatroska(container)) return { boxes: [], fates: found ? [] : tagsForMatroska(source).fates };
  if (found) {
    const { boxes: written, fates } = metadataOfTags(tagsOfMatroska(probe, found));
    return {
      boxes: written,
      fates: [...fates, ...leftByMp4(found), ...countFates(found), ...linkFates(found), ...found.left],
    };
  }
  if (!isMovie(probe)) {
    const { tags, left } = tagsOfOthers(probe);
    const { boxes: written, fates } = metadataOfTags(tags);
    const others = carriedMetadata(boxes, { tracks: new Map(), covers: [] });
    return { boxes: [...written, ...others.boxes], fates: [...fates, ...left, ...others.fates] };
  }
  const covers = coversThere(source);
  return carriedMetadata(boxes, { tracks: tracksOf(plans, mainStream), covers, hasArtwork: areWrittenAnew(boxes) });
}

/**
 * Whether each cover of a movie's boxes is in the rendition. ffmpeg makes a stream of those that say that they are pictures, in their
 * order; others go into Matroska by our own hand, and into MP4 where the whole list is copied.
 */
function coversThere({
  boxes,
  plans,
  container,
}: Pick<MetadataSource, 'boxes' | 'plans'> & Partial<MetadataSource>): CoversThere {
  // a cover whose size nobody can tell has no facts of a picture
  const streams = plans.filter(
    ({ stream: { video, dispositions } }) =>
      (video?.isAttachedPicture || dispositions.includes('attached_pic')) && !dispositions.includes('timed_thumbnails'),
  );
  const isAll = streams.every(({ codecArgs }) => codecArgs);
  const untyped = untypedCovers(boxes).length;
  const isOther =
    container && isInMatroska(container) ? container === 'mkv' && untyped > 0 : isAll && !areWrittenAnew(boxes);
  let next = 0;
  return coverStreams(boxes).map((cover) => (cover === 'none' ? isOther : streams[next++]?.codecArgs !== undefined));
}

/** Whether the covers of a movie are written from their streams, since the list that is copied does not hold them. */
const areWrittenAnew = (boxes: readonly MetadataBox[]): boolean =>
  hasArtwork(boxes) || boxes.some(({ lacksCovers }) => lacksCovers);

/** The numbers of the rendition's tracks by those of the source's. */
export function tracksOf(plans: readonly StreamPlan[], mainStream: number): ReadonlyMap<number, number> {
  const written = plans.filter(
    ({ stream, codecArgs, inside }) =>
      stream.index !== mainStream && codecArgs && !inside && !stream.video?.isAttachedPicture,
  );
  return new Map([mainStream, ...written.map(({ stream }) => stream.index)].map((from, to) => [from, to] as const));
}

/** What a film that is no Matroska says, as Matroska's tags, and as the names and tags of the rendition's tracks. */
type TagsForMatroska = Omit<ReturnType<typeof movieInMatroska>, 'film'> & { readonly film: readonly WrittenTag[] };

/** Decides which tags a film that is no Matroska has in Matroska, with a line for each. */
export function tagsForMatroska({
  probe,
  boxes,
  plans,
  mainStream,
  container,
}: Pick<MetadataSource, 'probe' | 'boxes' | 'plans' | 'mainStream'> &
  Partial<Pick<MetadataSource, 'container'>>): TagsForMatroska {
  if (isMovie(probe)) {
    const covers = coversThere({ boxes, plans, ...(container && { container }) });
    return movieInMatroska(boxes, tracksOf(plans, mainStream), covers);
  }
  const said = tagsOfOthers(probe);
  const { tags, fates } = matroskaOfTags(said.tags);
  const others = movieInMatroska(boxes, new Map());
  return { film: tags, tracks: new Map(), fates: [...fates, ...said.left, ...others.fates] };
}

/** The tags of a film that is neither MP4 nor Matroska, those of its streams included, without what identifies the program that wrote it. */
function tagsOfOthers(probe: Probe): { readonly tags: readonly FilmTag[]; readonly left: readonly MetadataFate[] } {
  const { tags, left } = withoutOldWriter({ ...tagsOfStreams(probe), ...withFirmware(probe.format, probe.tags) });
  const line = { place: 'file', fate: 'dropped', why: OLD_PROGRAM } as const;
  const cues = (probe.cuePoints ?? []).map((name) => ({ ...line, name: `cue point ${name}`, why: NO_CUE_POINTS }));
  const all = asFilmTags(tags).flatMap((tag) => {
    const own = tag.name.replace(/\/\d+$/, '');
    const [, values] = probe.severalValues?.find(([name, each]) => name === own && each.join(';') === tag.value) ?? [];
    return values?.map((value) => ({ ...tag, value })) ?? [tag];
  });
  return { tags: all, left: [...left.map((name) => ({ ...line, name })), ...cues] };
}

const NO_CUE_POINTS = 'FLV alone has cue points; keep the source';

/** The languages of a movie's tracks that ffmpeg may not write, by the numbers of the tracks: in MP4 those with a region or a script. */
export function ownLanguages(
  plans: readonly StreamPlan[],
  { mainStream, container }: { readonly mainStream: number; readonly container: Container },
): ReadonlyMap<number, string> {
  const isOwn = (tag: string | undefined): tag is string =>
    container === 'mov' ? iso639(tag) !== undefined : needsExtendedLanguage(tag);
  const inside = plans.filter((plan) => plan.codecArgs && !plan.stream.video?.isAttachedPicture);
  const others = inside.filter(({ stream }) => stream.index !== mainStream);
  const main = plans.filter(({ stream }) => stream.index === mainStream);
  return new Map(
    [...main, ...others].flatMap(({ stream: { tags } }, track) =>
      isOwn(tags.language) ? [[track, tags.language.replaceAll('_', '-')] as const] : [],
    ),
  );
}

/** What a program wrote into a file about that file, which holds for no other. */
const OF_THE_FILE = ['major_brand', 'minor_version', 'compatible_brands', 'encoder'];

/** MP4 says how many bytes and pictures a track has by its own tables. */
const countFates = ({ tags }: MatroskaDescription): readonly MetadataFate[] =>
  countsTracks(tags) ? [{ place: 'track', name: 'statistics', fate: 'dropped', why: COUNTED }] : [];

/** The tags of a Matroska file with what they are of, which ffprobe leaves out: the title of a series is no title of the film. */
function tagsOfMatroska(
  { tags, toldByPictures = {} }: Pick<Probe, 'tags' | 'toldByPictures'>,
  found: MatroskaDescription,
): readonly FilmTag[] {
  const title = textIn(found.info.find((field) => idOf(field) === MKV.Title));
  const ofTheFile = Object.entries(tags).filter(([name]) => /^(encoder|creation_time|timecode)$/.test(name));
  const ofTheFilm = filmTags(found.tags);
  const titles = ofTheFilm.filter(({ name }) => name === 'title');
  const isTagToo = titles.some(({ value }) => value === title);
  const [own] = title === undefined || isTagToo ? [] : [{ value: title, language: undefined }];
  const isOnlyTitle = titles.every(({ language }) => language !== undefined);
  const others = ofTheFile.filter(([name]) => !ofTheFilm.some((tag) => tag.name === name));
  return [
    ...(own && isOnlyTitle ? [{ name: 'title', ...own }] : []),
    ...asFilmTags(Object.fromEntries(others)),
    ...asFilmTags(toldByPictures),
    ...ofTheFilm,
    ...(own && titles.length > 0 && !isOnlyTitle ? [{ name: 'segment_title', ...own }] : []),
  ];
}

/** Returns what ffmpeg is told of the source's tags. */
export function tagsOfFile({ tags }: Pick<Probe, 'tags'>): TagsOfFile {
  return { without: OF_THE_FILE.filter((name) => name in tags), createdAt: tags.creation_time };
}

/** Returns the names of a stream's tags that do not hold for the rendition's; `isNew` says that the stream was encoded again. */
export const staleTags = ({ tags }: Pick<Stream, 'tags'>, isNew: boolean): readonly string[] =>
  Object.keys(tags).filter((name) => STATISTICS.test(name) || (isNew && name === 'encoder'));
