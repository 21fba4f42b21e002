import { idOf, newElement, uintElement } from '../film/ebml.ts';
import { linkFates, type MatroskaDescription, uidOf } from '../film/matroska.ts';
import { countChapters, movedChapters } from '../film/matroska-chapters.ts';
import { MKV } from '../film/matroska-ids.ts';
import { carriedTags, levelTags } from '../film/matroska-tags.ts';
import {
  edgeFields,
  eyesOf,
  fieldsOfTrack,
  hiddenEdges,
  languageFields,
  shapeFields,
  type TrackFields,
} from '../film/matroska-tracks.ts';
import { turnFields } from '../film/matroska-turn.ts';
import type { MetadataFate } from '../film/metadata.ts';
import { needsExtendedLanguage } from '../film/movie-languages.ts';
import type { Probe } from '../film/probe.ts';
import type { HiddenEdges } from '../film/shown-part.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { Rational } from '../units.ts';
import type { PictureUse } from './picture-marks.ts';

/** A file that a rendition in Matroska holds, from a stream of the source. */
export type PlannedAttachment = {
  readonly stream: number;
  /** Whether ffprobe calls it an attachment; a cover is a picture to it. */
  readonly isFile: boolean;
  readonly name: string;
  readonly mediaType: string;
  readonly uid: string;
  /** The place of the whole element in the source; undefined where the source holds the file otherwise, as a cover in MP4. */
  readonly at: { readonly start: number; readonly end: number } | undefined;
};

/** What is written into a rendition in Matroska besides what ffmpeg writes. */
export type MatroskaPlan = {
  /** The fields of each track of the rendition, in order. */
  readonly tracks: readonly TrackFields[];
  /** Undefined where ffmpeg writes the source's chapters. */
  readonly chapters: Buffer | undefined;
  readonly tags: readonly Buffer[];
  /** The title of the film in the Segment's information, where the source has one there. */
  readonly title: Buffer | undefined;
  /** Whether the tags of the film are all in `tags`; else those that ffmpeg wrote stay. */
  readonly isFromMatroska: boolean;
  readonly attachments: readonly PlannedAttachment[];
};

export type MatroskaSource = {
  readonly probe: Probe;
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
    /** By what the container turns it. */
    readonly displayMatrix?: readonly number[] | undefined;
  };
  readonly timeFactor: Rational | undefined;
};

/** Whether Matroska holds a stream as a file and not as a track. */
export const isAttached = ({ stream, codecArgs, inside }: StreamPlan): boolean =>
  codecArgs !== undefined && !inside && (stream.type === 'attachment' || stream.video?.isAttachedPicture === true);

/** The plans of the streams that become tracks, in the order of the tracks. */
export function plansOfTracks({
  plans,
  mainStream,
}: Pick<MatroskaSource, 'plans' | 'mainStream'>): readonly StreamPlan[] {
  const inside = plans.filter((plan) => plan.codecArgs && !isAttached(plan));
  const isMain = ({ stream }: StreamPlan) => stream.index === mainStream;
  return [...inside.filter(isMain), ...inside.filter((plan) => !isMain(plan))];
}

/** Decides how a rendition in Matroska describes the film, from how its source does. */
export function planMatroska(source: MatroskaSource): {
  readonly plan: MatroskaPlan;
  readonly fates: readonly MetadataFate[];
} {
  const { probe, found, mainStream } = source;
  const described = plansOfTracks(source).map((plan) => ({
    plan,
    entry: plan.inside ? undefined : found?.tracks[plan.stream.index],
  }));
  const tracks = withOwnIds(described.map(({ plan, entry }) => fieldsOf(plan, entry, source)));
  const attachments = attachmentsOf(source);
  const uids = (of: typeof described) => new Set(of.map(({ entry }) => uidOf(entry, MKV.TrackUID)));
  const tags = carriedTags(found?.tags ?? [], {
    tracks: uids(described),
    recoded: uids(described.filter(({ plan }) => plan.stream.index === mainStream || plan.codecArgs?.[0] !== 'copy')),
    attachments: new Set(attachments.map(({ uid }) => uid)),
    hasChapters: found?.chapters !== undefined,
  });
  const move = { nanoseconds: -probe.startSeconds * 1e9, factor: source.timeFactor };
  const plan: MatroskaPlan = {
    tracks,
    chapters: found?.chapters && movedChapters(found.chapters, move),
    tags: found ? tags.tags : levelTags(probe.tags),
    title: found?.info.find((field) => idOf(field) === MKV.Title),
    isFromMatroska: found !== undefined,
    attachments,
  };
  return {
    plan,
    fates: [...tags.fates, ...chapterFates(found), ...(found ? [...linkFates(found), ...found.left] : [])],
  };
}

function fieldsOf(
  { stream, codecArgs }: StreamPlan,
  entry: Buffer | undefined,
  { mainStream, picture }: MatroskaSource,
): TrackFields {
  const isMain = stream.index === mainStream;
  const use = isMain ? picture.use : codecArgs?.[0] === 'copy' ? 'copied' : 'recoded';
  const { language } = stream.tags;
  const told = entry
    ? fieldsOfTrack(entry, use)
    : { fields: needsExtendedLanguage(language) ? languageFields(language) : [], video: [], isWhole: false };
  const isPart = entry !== undefined && use === 'recoded' && hiddenEdges(entry) !== undefined;
  if (!isMain) return told;
  const turn = turnFields(picture.displayMatrix);
  if (isPart) return { ...told, video: [...told.video, ...turn] };
  const edges = picture.edges ? edgeFields(picture.edges) : [];
  return { ...told, video: [...told.video, ...turn, ...edges, ...exactShape(picture, eyesOf(told.video))] };
}

/**
 * ffmpeg writes how large a picture is shown in whole pixels, by which pixels that are nearly square become square, and does
 * not know of the two eyes in it: the shape is that of one.
 */
function exactShape(
  { width, height, sar }: MatroskaSource['picture'],
  eyes: ReturnType<typeof eyesOf>,
): readonly Buffer[] {
  const isOne = eyes.across === 1 && eyes.down === 1;
  if (isOne && (width * sar.num) % sar.den === 0) return [];
  const [wide, high] = [width * sar.num * eyes.down, height * sar.den * eyes.across];
  const divisor = greatestDivisor(wide, high);
  return shapeFields(wide / divisor, high / divisor);
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

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

const EXTENSIONS: Readonly<Record<string, readonly [string, string]>> = {
  mjpeg: ['jpg', 'image/jpeg'],
  png: ['png', 'image/png'],
  bmp: ['bmp', 'image/bmp'],
  gif: ['gif', 'image/gif'],
  webp: ['webp', 'image/webp'],
};

/** Matroska knows a cover by its name: "cover.jpg", "cover.png" (RFC 9559 5.1.6, Cover Art). */
function attachmentsOf({ plans, found, mainStream }: MatroskaSource): readonly PlannedAttachment[] {
  const attached = plans.filter((plan) => isAttached(plan) && plan.stream.index !== mainStream);
  return attached.map(({ stream }, i): PlannedAttachment => {
    const file = found?.attachments[stream.index - found.tracks.length];
    const isFile = stream.type === 'attachment';
    if (file) return { stream: stream.index, isFile, ...file };
    const [extension, mediaType] = EXTENSIONS[stream.codec] ?? ['bin', 'application/octet-stream'];
    const cover = `cover${i === 0 ? '' : `-${i + 1}`}.${extension}`;
    const { filename = cover, mimetype = mediaType } = isFile ? stream.tags : {};
    return {
      stream: stream.index,
      isFile,
      name: filename,
      mediaType: mimetype,
      uid: (i + 1).toString(16),
      at: undefined,
    };
  });
}

function chapterFates(found: MatroskaDescription | undefined): readonly MetadataFate[] {
  if (!found?.chapters) return [];
  const { editions, chapters } = countChapters(found.chapters);
  const why = `copied: ${chapters} in ${editions} editions`;
  return [{ place: 'movie', name: 'chapters', fate: 'kept', why }];
}

/** The bytes that the description takes in the file's header, at the most. */
export const bytesOfDescription = ({ tracks, chapters, tags, title }: MatroskaPlan): number =>
  [...tracks.flatMap(({ fields, video }) => [...fields, ...video]), ...tags, chapters, title].reduce(
    (sum, element) => sum + (element?.length ?? 0),
    tracks.length * BYTES_OF_STATISTICS + SPARE_BYTES,
  );

const BYTES_OF_STATISTICS = 512;
const SPARE_BYTES = 4096;
