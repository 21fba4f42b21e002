import { dataOf, idOf, newElement, textElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { LastPacket } from '../bytes/opus-end.ts';
import { endFates } from '../description/chapter-losses.ts';
import type { DisplaySize } from '../description/display-size.ts';
import { linkFates, type MatroskaDescription, thingsOf, uidOf } from '../description/matroska.ts';
import { countChapters, movedChapters } from '../description/matroska-chapters.ts';
import { carriedTags, hasTagNamed } from '../description/matroska-tags.ts';
import {
  durationField,
  edgeFields,
  eyesFields,
  eyesOf,
  fieldsOfSound,
  fieldsOfTrack,
  hiddenEdges,
  languageFields,
  type TrackFields,
} from '../description/matroska-tracks.ts';
import { turnFields } from '../description/matroska-turn.ts';
import type { MetadataBox, MetadataFate } from '../description/metadata.ts';
import { needsExtendedLanguage } from '../description/movie-languages.ts';
import { asFilmTags, matroskaOfTags } from '../description/tag-boxes.ts';
import { type WrittenTag, writtenTags } from '../description/written-tags.ts';
import { emphasisFields } from '../film/emphasis.ts';
import { webVttFields } from '../film/matroska-web-vtt.ts';
import { isMovie, type Probe } from '../film/probe.ts';
import type { HiddenEdges } from '../film/shown-part.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Rational } from '../units.ts';
import { tagsForMatroska } from './carried-metadata.ts';
import { exactShape } from './exact-shape.ts';
import { opusEnds } from './opus-ends.ts';
import type { PictureUse } from './picture-marks.ts';
import { attachmentsOf, type PlannedAttachment } from './planned-attachments.ts';
import { plansOfTracks } from './plans-of-tracks.ts';

/** What is written into a rendition in Matroska besides what ffmpeg writes. */
export type MatroskaPlan = {
  /** The fields of each track of the rendition, in order. */
  readonly tracks: readonly TrackFields[];
  /** Undefined where ffmpeg writes the source's chapters. */
  readonly chapters: Buffer | undefined;
  readonly tags: readonly Buffer[];
  /** The title of the film in the Segment's information, where the source has one there. */
  readonly title: Buffer | undefined;
  /** Whether time code and reel are among the source's own tags; ffmpeg writes those that are not. */
  readonly hasTimecode: boolean;
  readonly hasReel: boolean;
  readonly attachments: readonly PlannedAttachment[];
  /** The last packets of Opus of which a part is an encoder's padding, by the places of the tracks. */
  readonly ends: ReadonlyMap<number, LastPacket>;
};

export type MatroskaSource = {
  readonly probe: Probe;
  /** The boxes by which an MP4 or MOV describes the film. */
  readonly boxes: readonly MetadataBox[];
  readonly found: MatroskaDescription | undefined;
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
  readonly picture: {
    readonly width: number;
    readonly height: number;
    readonly sar: Rational;
    readonly use: PictureUse;
    /** The edges that an MP4 hides. */
    readonly edges: HiddenEdges | undefined;
    /** How two eyes lie in it, as a StereoMode, where the source is no Matroska that says it itself. */
    readonly stereoMode?: number | undefined;
    /** How large the source says that it is shown. */
    readonly display?: DisplaySize | undefined;
    /** By what the container turns it. */
    readonly displayMatrix?: readonly number[] | undefined;
    /** How many pictures a second it has; undefined where their number varies. */
    readonly frameRate?: Rational | undefined;
  };
  readonly timeFactor: Rational | undefined;
  /** Tags of the rendition's tracks by their numbers, from the headers of a movie. */
  readonly ofTracks?: ReadonlyMap<number, readonly WrittenTag[]>;
  /** Tags of the film from the header of a movie. */
  readonly ofFilm?: readonly WrittenTag[];
};

/** Decides how a rendition in Matroska describes the film, from how its source does. */
export function planMatroska(source: MatroskaSource): {
  readonly plan: MatroskaPlan;
  readonly fates: readonly MetadataFate[];
} {
  const { probe, found, mainStream } = source;
  const order = plansOfTracks(source);
  const described = order.map((plan) => ({ plan, entry: plan.inside ? undefined : found?.tracks[plan.stream.index] }));
  const said = found ? undefined : tagsForMatroska(source);
  const film = said && { ...said, film: [...said.film, ...(source.ofFilm ?? [])] };
  const shot = matroskaOfTags(found ? asFilmTags(probe.toldByPictures ?? {}) : []);
  const tracks = withOwnIds(
    described.map(({ plan, entry }, i) => withName(fieldsOf(plan, entry, source), said?.tracks.get(i)?.name)),
  );
  const attachments = attachmentsOf(source);
  const uids = (of: typeof described) => new Set(of.map(({ entry }) => uidOf(entry, MKV.TrackUID)));
  const tags = carriedTags(found?.tags ?? [], {
    tracks: uids(described),
    recoded: uids(described.filter(({ plan }) => plan.stream.index === mainStream || plan.codecArgs?.[0] !== 'copy')),
    attachments: new Set(attachments.map(({ uid }) => uid)),
    hasChapters: found?.chapters !== undefined,
    ofSource: found ? thingsOf(found) : new Map(),
  });
  const move = { nanoseconds: -probe.startSeconds * 1e9, factor: source.timeFactor };
  const plan: MatroskaPlan = {
    tracks,
    chapters: found?.chapters && movedChapters(found.chapters, move),
    tags: film
      ? [...tagsOf(film, tracks), ...tagsOfTracks(source.ofTracks, tracks)]
      : [...tags.tags, ...writtenTags(shot.tags)],
    title: said ? titleOf(said.film) : found?.info.find((field) => idOf(field) === MKV.Title),
    hasTimecode: hasTagNamed(found, 'timecode'),
    hasReel: hasTagNamed(found, 'reel_name'),
    attachments,
    ends: opusEnds(order),
  };
  return {
    plan,
    fates: [
      ...titleFates(found),
      ...tags.fates,
      ...shot.fates,
      ...chapterFates(found),
      ...(found ? [...linkFates(found), ...found.left] : []),
    ],
  };
}

/** The film's tags and those of its tracks. A title that is the only one stands in the Segment's information alone. */
function tagsOf({ film, tracks }: ReturnType<typeof tagsForMatroska>, written: readonly TrackFields[]) {
  const titles = film.filter(({ as }) => as === 'TITLE');
  const isPlain = titles.length === 1 && titles[0]?.language === undefined && typeof titles[0]?.value === 'string';
  const ofTracks = tagsOfTracks(new Map([...tracks].map(([track, { tags }]) => [track, tags])), written);
  return [...writtenTags(isPlain ? film.filter(({ as }) => as !== 'TITLE') : film), ...ofTracks];
}

const tagsOfTracks = (
  tags: ReadonlyMap<number, readonly WrittenTag[]> = new Map(),
  written: readonly TrackFields[],
): readonly Buffer[] =>
  [...tags].flatMap(([track, own]) => {
    const uid = written[track]?.fields.find((field) => idOf(field) === MKV.TrackUID);
    return uid ? writtenTags(own, dataOf(uid)) : [];
  });

function titleOf(film: readonly WrittenTag[]): Buffer | undefined {
  const title = film.find(({ as, value }) => as === 'TITLE' && typeof value === 'string');
  return typeof title?.value === 'string' ? textElement(MKV.Title, title.value) : undefined;
}

const withName = (track: TrackFields, name: string | undefined): TrackFields =>
  name === undefined ? track : { ...track, fields: [...track.fields, textElement(MKV.Name, name)] };

function fieldsOf(
  { stream, fate, codecArgs }: StreamPlan,
  entry: Buffer | undefined,
  { probe, mainStream, picture }: MatroskaSource,
): TrackFields {
  const isMain = stream.index === mainStream;
  const use = isMain ? picture.use : codecArgs?.[0] === 'copy' ? 'copied' : 'recoded';
  const said = entry ? fieldsOfTrack(entry, use) : fieldsOfOther(stream, { isMain, isCopied: use === 'copied', probe });
  const isPart = entry !== undefined && use === 'recoded' && hiddenEdges(entry) !== undefined;
  if (!isMain) {
    const codec = fate === 'kept' ? webVttFields(stream) : [];
    return { ...said, fields: [...said.fields, ...codec], audio: emphasisFields(stream.audio?.emphasis) };
  }
  const told = {
    ...said,
    fields: [...said.fields, ...durationField(picture.frameRate)],
    video: [...said.video, ...eyesFields(picture.stereoMode, said.video)],
  };
  const turn = turnFields(picture.displayMatrix);
  if (isPart) return { ...told, video: [...told.video, ...turn] };
  const edges = picture.edges ? edgeFields(picture.edges) : [];
  return { ...told, video: [...told.video, ...turn, ...edges, ...exactShape(picture, eyesOf(told.video))] };
}

/** The fields of a track from another container. Where that says nothing of defaults, picture and sound are what players play. */
function fieldsOfOther(
  stream: StreamPlan['stream'],
  { isMain, isCopied, probe }: { readonly isMain: boolean; readonly isCopied: boolean; readonly probe: Probe },
): TrackFields {
  const { language } = stream.tags;
  const isDefault = isMain || (stream.type === 'audio' && !isMovie(probe));
  const sound = stream.type === 'audio' && isCopied ? fieldsOfSound(stream) : { fields: [] };
  return {
    ...sound,
    fields: [
      ...(needsExtendedLanguage(language) ? languageFields(language) : []),
      ...(isDefault ? [uintElement(MKV.FlagDefault, 1)] : []),
      ...sound.fields,
    ],
    video: [],
    isWhole: false,
  };
}

/** Gives every track an id of its own: the source's, or where it has none or one twice, a number that is free. */
function withOwnIds(tracks: readonly TrackFields[]): readonly TrackFields[] {
  const asked = new Set(tracks.map(({ fields }) => uidOf(newElement(MKV.TrackEntry, ...fields), MKV.TrackUID)));
  const taken = new Set<string>(['0']);
  let next = 1;
  return tracks.map((track) => {
    const own = uidOf(newElement(MKV.TrackEntry, ...track.fields), MKV.TrackUID);
    if (!taken.has(own)) {
      taken.add(own);
      return track;
    }
    while (taken.has(next.toString(16)) || asked.has(next.toString(16))) next++;
    taken.add(next.toString(16));
    const others = track.fields.filter((field) => idOf(field) !== MKV.TrackUID);
    return { ...track, fields: [uintElement(MKV.TrackUID, next), ...others] };
  });
}

const titleFates = (found: MatroskaDescription | undefined): readonly MetadataFate[] =>
  found?.info.some((field) => idOf(field) === MKV.Title)
    ? [{ place: 'movie', name: 'title', fate: 'kept', why: "it stands in the file's own information" }]
    : [];

function chapterFates(found: MatroskaDescription | undefined): readonly MetadataFate[] {
  if (!found?.chapters) return [];
  const { editions, chapters } = countChapters(found.chapters);
  const why = `copied: ${chapters} in ${editions} editions`;
  return [{ place: 'movie', name: 'chapters', fate: 'kept', why }, ...endFates(found.chapters)];
}

/** The bytes that the description takes in the file's header, at the most. */
export const bytesOfDescription = ({ tracks, chapters, tags, title }: MatroskaPlan): number =>
  [...tracks.flatMap(({ fields, video }) => [...fields, ...video]), ...tags, chapters, title].reduce(
    (sum, element) => sum + (element?.length ?? 0),
    tracks.length * BYTES_OF_STATISTICS + SPARE_BYTES,
  );

const BYTES_OF_STATISTICS = 512;
const SPARE_BYTES = 4096;
