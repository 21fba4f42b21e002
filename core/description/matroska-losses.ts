import { childElements, childOf, dataOf, idOf, textIn, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { MatroskaDescription } from './matroska.ts';
import type { MetadataFate } from './metadata.ts';

/** A track of a source, and whether its packets are copied into another Matroska. */
type TrackUsed = { readonly stream: number; readonly isCopied: boolean };

/** What lies beside the packets of a track, by the numbers of its kinds (Matroska's codec mappings, Block Addition Mappings). */
const KINDS: Readonly<Record<string, string>> = {
  1: "the codec's own",
  4: 'ITU-T T.35, as HDR10+',
  121: 'time codes of SMPTE ST 12-1',
};
/** Dolby Vision's configuration (dvcC, dvvC, dvwC, hvcE), of which the picture has lines of its own. */
const DOLBY_VISION = /^(64766343|64767643|64767743|68766345)$/;
const BESIDE = 'it lies beside the packets of its track, and ffmpeg carries none of it; it stays in the source';
const OF_TRACKS = 'it names tracks of the source by their numbers, and players of today do not read it';

/**
 * Returns a line for what a Matroska says of its tracks that nobody carries: additions to their blocks, the names of their codecs, and the
 * ways by which one track stands for another. Alpha and WebVTT are additions with lines of their own.
 */
export const trackLosses = (
  found: Pick<MatroskaDescription, 'tracks'>,
  used: readonly TrackUsed[],
): readonly MetadataFate[] =>
  used.flatMap(({ stream, isCopied }) => {
    const entry = found.tracks[stream];
    const line = (name: string, why: string): MetadataFate => ({
      place: `track ${stream}`,
      name,
      fate: 'dropped',
      why,
    });
    if (!entry) return [];
    const has = (id: number) => childOf(entry, id) !== undefined;
    return [
      ...additionsOf(entry).map((kind) => line(`block additions (${kind})`, BESIDE)),
      ...(has(MKV.CodecName) && !isCopied
        ? [line('CodecName', 'it names the codec of the packets of the source')]
        : []),
      ...Object.entries(OVER_TRACKS).flatMap(([name, id]) => (has(id) ? [line(name, OF_TRACKS)] : [])),
    ];
  });

const OVER_TRACKS = {
  TrackOverlay: MKV.TrackOverlay,
  TrackOperation: MKV.TrackOperation,
  TrackTranslate: MKV.TrackTranslate,
};

/**
 * Returns a line for each track whose packets have additions though the track says nothing of them, as files of other writers than mkvmerge may.
 * `numbers` are those of the tracks beside whose packets additions were found.
 */
export const unsaidAdditions = (
  tracks: MatroskaDescription['tracks'],
  numbers: ReadonlySet<number>,
): readonly MetadataFate[] =>
  tracks.flatMap((entry, i) => {
    const isSaid =
      isOwnKind(entry) || [MKV.BlockAdditionMapping, MKV.MaxBlockAdditionID].some((id) => childOf(entry, id));
    if (isSaid || !numbers.has(Number(uintIn(childOf(entry, MKV.TrackNumber)) ?? 0n))) return [];
    return [
      { place: `track ${i}`, name: 'block additions (of no kind that its track names)', fate: 'dropped', why: BESIDE },
    ];
  });

/** Whether additions are alpha or parts of WebVTT. */
function isOwnKind(entry: Buffer): boolean {
  const isText = textIn(childOf(entry, MKV.CodecID))?.endsWith('WEBVTT') === true;
  const video = childOf(entry, MKV.Video);
  return isText || (video !== undefined && uintIn(childOf(video, MKV.AlphaMode)) === 1n);
}

function additionsOf(entry: Buffer): readonly string[] {
  if (isOwnKind(entry)) return [];
  const mappings = childElements(entry).filter((field) => idOf(field) === MKV.BlockAdditionMapping);
  const types = mappings.map((mapping) => childOf(mapping, MKV.BlockAddIDType));
  const kinds = types.filter((type) => !DOLBY_VISION.test(type ? dataOf(type).toString('hex') : ''));
  if (mappings.length > 0) return kinds.map((type) => kindOf(uintIn(type) ?? 0n));
  return (uintIn(childOf(entry, MKV.MaxBlockAdditionID)) ?? 0n) > 0n ? [kindOf(1n)] : [];
}

const kindOf = (type: bigint): string => KINDS[`${type}`] ?? `of the kind ${type}`;
