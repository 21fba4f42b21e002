import { idOf, textIn } from '../film/ebml.ts';
import { linkFates, type MatroskaDescription } from '../film/matroska.ts';
import { MKV } from '../film/matroska-ids.ts';
import { COUNTED, countsTracks, flatTags, STATISTICS } from '../film/matroska-tags.ts';
import { leftByMp4 } from '../film/matroska-tags-left.ts';
import {
  carriedMetadata,
  leftByMatroska,
  type MetadataBox,
  type MetadataFate,
  type MetadataPlan,
} from '../film/metadata.ts';
import { needsExtendedLanguage } from '../film/movie-languages.ts';
import { isMovie, type Probe, type Stream } from '../film/probe.ts';
import { fatesInMatroska, metadataOfTags } from '../film/tag-boxes.ts';
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
export function planMetadata({ probe, boxes, found, plans, mainStream, container }: MetadataSource): MetadataPlan {
  if (isInMatroska(container)) {
    const isOther = found === undefined && !isMovie(probe);
    return { boxes: [], fates: [...leftByMatroska(boxes), ...(isOther ? fatesInMatroska(probe.tags) : [])] };
  }
  if (found) {
    const { boxes: written, fates } = metadataOfTags(tagsOfMatroska(probe, found));
    const left = [...leftByMp4(found.tags), ...countFates(found), ...linkFates(found), ...found.left];
    return { boxes: written, fates: [...fates, ...left] };
  }
  if (!probe.format.startsWith('mov')) return metadataOfTags(probe.tags);
  const written = plans.filter(
    ({ stream, codecArgs, inside }) =>
      stream.index !== mainStream && codecArgs && !inside && !stream.video?.isAttachedPicture,
  );
  const tracks = [mainStream, ...written.map(({ stream }) => stream.index)].map((from, to) => [from, to] as const);
  // a cover whose size nobody can tell has no facts of a picture
  const isCover = ({ video, dispositions }: StreamPlan['stream']) =>
    video?.isAttachedPicture || dispositions.includes('attached_pic');
  const hasCovers = plans.every(({ stream, codecArgs }) => !isCover(stream) || codecArgs);
  return carriedMetadata(boxes, { tracks: new Map(tracks), hasCovers });
}

/** The languages of an MP4's tracks that have a region or a script, by the numbers of the tracks. */
export function extendedLanguages(plans: readonly StreamPlan[], mainStream: number): ReadonlyMap<number, string> {
  const inside = plans.filter((plan) => plan.codecArgs && !plan.stream.video?.isAttachedPicture);
  const others = inside.filter(({ stream }) => stream.index !== mainStream);
  const main = plans.filter(({ stream }) => stream.index === mainStream);
  return new Map(
    [...main, ...others].flatMap(({ stream: { tags } }, track) =>
      needsExtendedLanguage(tags.language) ? [[track, tags.language.replaceAll('_', '-')] as const] : [],
    ),
  );
}

/** What a program wrote into a file about that file, which holds for no other. */
const OF_THE_FILE = ['major_brand', 'minor_version', 'compatible_brands', 'encoder'];

/** MP4 says how many bytes and pictures a track has by its own tables. */
const countFates = ({ tags }: MatroskaDescription): readonly MetadataFate[] =>
  countsTracks(tags) ? [{ place: 'track', name: 'statistics', fate: 'dropped', why: COUNTED }] : [];

/** The tags of a Matroska file with what they are of, which ffprobe leaves out: the title of a series is no title of the film. */
function tagsOfMatroska({ tags }: Pick<Probe, 'tags'>, found: MatroskaDescription): Readonly<Record<string, string>> {
  const title = textIn(found.info.find((field) => idOf(field) === MKV.Title));
  const ofTheFile = Object.entries(tags).filter(([name]) => /^(encoder|creation_time|timecode)$/.test(name));
  const ofTheFilm = flatTags(found.tags);
  const differs = title !== undefined && ofTheFilm.title !== undefined && ofTheFilm.title !== title;
  return {
    ...(title !== undefined && { title }),
    ...Object.fromEntries(ofTheFile),
    ...ofTheFilm,
    ...(differs && { segment_title: title }),
  };
}

/** Returns what ffmpeg is told of the source's tags. */
export function tagsOfFile({ tags }: Pick<Probe, 'tags'>): TagsOfFile {
  return { without: OF_THE_FILE.filter((name) => name in tags), createdAt: tags.creation_time };
}

/** Returns the names of a stream's tags that do not hold for the rendition's; `isNew` says that the stream was encoded again. */
export const staleTags = ({ tags }: Pick<Stream, 'tags'>, isNew: boolean): readonly string[] =>
  Object.keys(tags).filter((name) => STATISTICS.test(name) || (isNew && name === 'encoder'));
