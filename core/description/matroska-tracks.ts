import { childElements, dataOf, idOf, newElement, textElement, uintElement, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { Stream } from '../film/probe.ts';
import { type HiddenEdges, hidesSome } from '../film/shown-part.ts';
import { type Rational, toNumber } from '../units.ts';
import { pictureNumbers } from './display-size.ts';
import { iso639 } from './language.ts';

/** What a track's entry says of the track besides how it is decoded. */
const DESCRIPTIVE: ReadonlySet<number> = new Set([
  ...[MKV.TrackUID, MKV.FlagEnabled, MKV.FlagDefault, MKV.FlagForced, MKV.FlagHearingImpaired, MKV.FlagVisualImpaired],
  ...[MKV.FlagTextDescriptions, MKV.FlagOriginal, MKV.FlagCommentary, MKV.Name, MKV.Language, MKV.LanguageBCP47],
]);
/** What belongs to the packets, and holds where they are copied. */
const OF_PACKETS: ReadonlySet<number> = new Set([
  ...[MKV.CodecDelay, MKV.SeekPreRoll, MKV.DefaultDuration, MKV.CodecName],
]);

/** How a picture is shown: the part that is seen, and its shape. */
const CROPS: ReadonlySet<number> = new Set([
  ...[MKV.PixelCropBottom, MKV.PixelCropTop, MKV.PixelCropLeft, MKV.PixelCropRight],
]);
const SHAPE: ReadonlySet<number> = new Set([MKV.DisplayWidth, MKV.DisplayHeight, MKV.DisplayUnit]);

/** The fields that an entry gets instead of those that ffmpeg wrote. `isWhole` says that they are all that describe the track. */
export type TrackFields = {
  readonly fields: readonly Buffer[];
  readonly video: readonly Buffer[];
  readonly isWhole: boolean;
  /** How deep the samples of a sound are, instead of what the muxer takes for it; undefined where the muxer is right. */
  readonly depth?: readonly Buffer[] | undefined;
  /** What is added to a sound's own fields. */
  readonly audio?: readonly Buffer[];
};

/** What becomes of a track: its packets are copied, or it is encoded again, with its whole picture, at another size, or with a part of it. */
type TrackUse = 'copied' | 'recoded' | 'scaled' | 'cut';

/** Returns the fields by which a source's entry describes its track, for a rendition. */
export function fieldsOfTrack(entry: Buffer, use: TrackUse): TrackFields {
  const fields = childElements(entry);
  const kept = fields.filter(
    (field) => DESCRIPTIVE.has(idOf(field)) || (use === 'copied' && OF_PACKETS.has(idOf(field))),
  );
  const video = fields.filter((field) => idOf(field) === MKV.Video).flatMap(childElements);
  const keepsPart = use === 'copied' || use === 'recoded';
  const isPart = video.some(hidesPart);
  const shown = video.filter((field) => {
    const id = idOf(field);
    if (id === MKV.StereoMode) return use !== 'cut';
    if (id === MKV.Projection) return use === 'copied';
    return keepsPart && (CROPS.has(id) || (SHAPE.has(id) && (isPart || use === 'copied')));
  });
  const audio = fields.filter((field) => idOf(field) === MKV.Audio).flatMap(childElements);
  const depth = use === 'copied' && audio.length > 0 ? audio.filter(isDepth) : undefined;
  return { fields: kept, video: shown, isWhole: true, depth };
}

const isDepth = (field: Buffer): boolean => idOf(field) === MKV.BitDepth;

/** Packets of these codecs last so many samples. */
const SAMPLES: Readonly<Record<string, number>> = { aac: 1024, ac3: 1536, mp3: 1152, mp2: 1152 };
const LOSSLESS = /^(pcm_|flac|alac|truehd|mlp|wavpack|tta|tak|dts)/;

/** The fields of a sound that comes from another container, as mkvmerge writes them: how long a packet lasts, and no depth of samples that have none. */
export function fieldsOfSound({ codec, audio }: Stream): Pick<TrackFields, 'fields' | 'depth'> {
  const { sampleRate = 0, profile = 'LC' } = audio ?? {};
  const factor = codec === 'aac' ? (AAC_FACTORS[profile] ?? 0) : sampleRate < 32_000 && codec !== 'ac3' ? 0 : 1;
  const nanoseconds = sampleRate > 0 ? Math.floor(((SAMPLES[codec] ?? 0) * factor * 1e9) / sampleRate) : 0;
  return {
    fields: nanoseconds > 0 ? [uintElement(MKV.DefaultDuration, nanoseconds)] : [],
    depth: LOSSLESS.test(codec) ? undefined : [],
  };
}

/** The field for how long a picture of a steady film is shown (RFC 9559 5.1.4.1.13): ffmpeg's muxer only estimates it from times in milliseconds. */
export const durationField = (frameRate: Rational | undefined): readonly Buffer[] =>
  frameRate ? [uintElement(MKV.DefaultDuration, Math.floor(1e9 / toNumber(frameRate)))] : [];

/** With SBR a packet has twice as many samples; other profiles have packets of several lengths. */
const AAC_FACTORS: Readonly<Record<string, number>> = { LC: 1, Main: 1, LTP: 1, 'HE-AAC': 2, 'HE-AACv2': 2 };

/** Whether a field says that some lines or columns of the picture are not shown. */
const hidesPart = (field: Buffer): boolean => CROPS.has(idOf(field)) && dataOf(field).some((byte) => byte !== 0);

/** The edges of a picture that its entry hides; undefined where all of it is shown. */
export function hiddenEdges(entry: Buffer): HiddenEdges | undefined {
  const of = pictureNumbers(entry);
  const edges = {
    left: of(MKV.PixelCropLeft),
    right: of(MKV.PixelCropRight),
    top: of(MKV.PixelCropTop),
    bottom: of(MKV.PixelCropBottom),
  };
  return hidesSome(edges, { width: of(MKV.PixelWidth), height: of(MKV.PixelHeight) }) ? edges : undefined;
}

/** The fields for the edges of a picture that are not shown. */
export const edgeFields = ({ left, right, top, bottom }: HiddenEdges): readonly Buffer[] => [
  uintElement(MKV.PixelCropLeft, left),
  uintElement(MKV.PixelCropRight, right),
  uintElement(MKV.PixelCropTop, top),
  uintElement(MKV.PixelCropBottom, bottom),
];

/** How many pictures lie beside each other and above each other by Matroska's StereoMode (RFC 9559 5.1.4.1.28.3). */
export function eyesOf(video: readonly Buffer[]): { readonly across: number; readonly down: number } {
  const mode = Number(uintIn(video.find((field) => idOf(field) === MKV.StereoMode)) ?? 0);
  return { across: [1, 8, 9, 11].includes(mode) ? 2 : 1, down: [2, 3, 6, 7].includes(mode) ? 2 : 1 };
}

/** The field for two eyes in one picture, where an entry does not have it. */
export const eyesFields = (mode: number | undefined, video: readonly Buffer[]): readonly Buffer[] =>
  mode === undefined || video.some((field) => idOf(field) === MKV.StereoMode)
    ? []
    : [uintElement(MKV.StereoMode, mode)];

/** The fields for a track whose language has a region or a script, which the older field cannot say. */
export const languageFields = (tag: string): readonly Buffer[] => [
  textElement(MKV.Language, iso639(tag) ?? 'und'),
  textElement(MKV.LanguageBCP47, tag.replaceAll('_', '-')),
];

/** The fields for a picture whose shape is not exact in whole pixels: its proportions (RFC 9559 5.1.4.1.28.14). */
export const shapeFields = (width: number, height: number): readonly Buffer[] => [
  uintElement(MKV.DisplayWidth, width),
  uintElement(MKV.DisplayHeight, height),
  uintElement(MKV.DisplayUnit, 3),
];

/** Returns an entry with these fields instead of its own. */
export function withFields(entry: Buffer, { fields, video, isWhole, depth, audio = [] }: TrackFields): Buffer {
  const ids = new Set(fields.map(idOf));
  const own = childElements(entry).filter((field) => {
    const id = idOf(field);
    return !(ids.has(id) || (isWhole && DESCRIPTIVE.has(id)));
  });
  const parts = own.map((field) => {
    if (idOf(field) === MKV.Video && video.length > 0) return withVideo(field, video);
    if (idOf(field) !== MKV.Audio || (depth === undefined && audio.length === 0)) return field;
    const others = childElements(field).filter((part) => depth === undefined || !isDepth(part));
    return newElement(MKV.Audio, ...others, ...(depth ?? []), ...audio);
  });
  return newElement(MKV.TrackEntry, ...parts, ...fields);
}

function withVideo(own: Buffer, fields: readonly Buffer[]): Buffer {
  const ids = new Set(fields.map(idOf));
  // a shape that the muxer wrote is that of the whole picture
  const setsShape = fields.some((field) => SHAPE.has(idOf(field)) || hidesPart(field));
  const others = childElements(own).filter((field) => !ids.has(idOf(field)) && !(setsShape && SHAPE.has(idOf(field))));
  return newElement(MKV.Video, ...others, ...fields);
}
