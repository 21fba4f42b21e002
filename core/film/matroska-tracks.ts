import { childElements, dataOf, idOf, newElement, textElement, uintElement } from './ebml.ts';
import { iso639 } from './language.ts';
import { MKV } from './matroska-ids.ts';

/** What a track's entry says of the track besides how it is decoded. */
const DESCRIPTIVE: ReadonlySet<number> = new Set([
  ...[MKV.TrackUID, MKV.FlagEnabled, MKV.FlagDefault, MKV.FlagForced, MKV.FlagHearingImpaired, MKV.FlagVisualImpaired],
  ...[MKV.FlagTextDescriptions, MKV.FlagOriginal, MKV.FlagCommentary, MKV.Name, MKV.Language, MKV.LanguageBCP47],
]);
/** What belongs to the packets, and holds where they are copied. */
const OF_PACKETS: ReadonlySet<number> = new Set([MKV.CodecDelay, MKV.SeekPreRoll]);

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
};

/** What becomes of a track's packets: copied, or encoded again with all of the picture or with another part or size of it. */
export type TrackUse = 'copied' | 'recoded' | 'reshaped';

/** Returns the fields by which a source's entry describes its track, for a rendition. */
export function fieldsOfTrack(entry: Buffer, use: TrackUse): TrackFields {
  const fields = childElements(entry);
  const kept = fields.filter(
    (field) => DESCRIPTIVE.has(idOf(field)) || (use === 'copied' && OF_PACKETS.has(idOf(field))),
  );
  const video = fields.filter((field) => idOf(field) === MKV.Video).flatMap(childElements);
  const isCropped = video.some((field) => CROPS.has(idOf(field)) && dataOf(field).some((byte) => byte !== 0));
  const shown = video.filter(
    (field) =>
      use !== 'reshaped' &&
      (CROPS.has(idOf(field)) ||
        idOf(field) === MKV.StereoMode ||
        ((isCropped || use === 'copied') && SHAPE.has(idOf(field)))),
  );
  return { fields: kept, video: shown, isWhole: true };
}

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
export function withFields(entry: Buffer, { fields, video, isWhole }: TrackFields): Buffer {
  const ids = new Set(fields.map(idOf));
  const own = childElements(entry).filter((field) => {
    const id = idOf(field);
    return !(ids.has(id) || (isWhole && DESCRIPTIVE.has(id)));
  });
  const parts = own.map((field) => (idOf(field) === MKV.Video && video.length > 0 ? withVideo(field, video) : field));
  return newElement(MKV.TrackEntry, ...parts, ...fields);
}

function withVideo(own: Buffer, fields: readonly Buffer[]): Buffer {
  const ids = new Set(fields.map(idOf));
  const setsShape = fields.some((field) => SHAPE.has(idOf(field)));
  const others = childElements(own).filter((field) => !ids.has(idOf(field)) && !(setsShape && SHAPE.has(idOf(field))));
  return newElement(MKV.Video, ...others, ...fields);
}
