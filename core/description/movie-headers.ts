import { boxByPath, boxBytes, boxesOf, type MemoryBox, movieIn, newBox } from '../bytes/boxes.ts';
import { trackNumber } from '../bytes/carried-track.ts';
import { hasReferences, type TrackReference, withReferences } from '../bytes/track-references.ts';

/** What the headers of a track in MP4 or MOV say of it besides its length. Dates are seconds from 1904 on, and 0 is none. */
export type TrackHeader = {
  readonly created: number;
  readonly mediaCreated: number;
  readonly modified: number;
  readonly mediaModified: number;
  /** Whether the track is enabled (1), and in the film (2), its preview (4) and its poster (8). */
  readonly flags: number;
  /** In 256ths: 256 is as loud as it is. */
  readonly volume: number;
  /** In 256ths, from left (below 0) to right; undefined for what is no sound. */
  readonly balance: number | undefined;
  /** Tracks of one group stand for each other; 0 is no group. */
  readonly group: number;
  /** Pictures with a lower number are in front of others. */
  readonly layer: number;
  /** How far a picture that is not turned stands from the left and the top of the film, in pixels. */
  readonly at?: { readonly left: number; readonly top: number };
  /** Whether a track of text (`tx3g`) says where in its area its texts stand, elsewhere than in the middle at the bottom. */
  readonly placesTexts?: true;
  /** The flags by which a track of text (`tx3g`) is shown; undefined for any other track. */
  readonly display?: number | undefined;
  /** Words of QuickTime for what the track is for (`tagc`). */
  readonly characteristics?: readonly string[];
  /** What other tracks are to this one (ISO/IEC 14496-12 8.3.3): "forc" for the subtitles that are forced in it. */
  readonly references?: readonly TrackReference[];
  /** The speeds at which its edit list plays parts of it, where they are not its own: 0 for a picture that stands. */
  readonly speeds?: readonly number[];
  /** Whether its edit list shows nothing for a while between two parts. */
  readonly hasGap?: boolean;
  /** Whether a table describes parts of its packets (`subs`). */
  readonly hasSubsamples?: boolean;
};

export type MovieHeaders = {
  /** How long the movie is shown; undefined where it goes on in fragments, or says nothing of it. */
  readonly seconds?: number | undefined;
  readonly created: number;
  readonly modified: number;
  readonly tracks: readonly TrackHeader[];
};

/** What the headers of a rendition say, by the numbers of its tracks; of the film it is when it was last changed. */
export type WantedHeaders = ReadonlyMap<number | 'movie', Partial<TrackHeader>>;

/** Reads `mvhd`, `mdhd` or `tkhd`, which begin with a version and the times of creation and of the last change (ISO/IEC 14496-12 8.2.2). */
export const datesIn = (payload: Buffer): { readonly created: number; readonly modified: number } => {
  const [isLong, { length }] = [payload[0] === 1, payload];
  if (length < (isLong ? 20 : 12)) return { created: 0, modified: 0 };
  return isLong
    ? { created: Number(payload.readBigUInt64BE(4)), modified: Number(payload.readBigUInt64BE(12)) }
    : { created: payload.readUInt32BE(4), modified: payload.readUInt32BE(8) };
};

const FLAGS = 0x0f;

/** All texts of a track are forced: Apple's readers want the mark of some beside the mark of all (3GPP TS 26.245 5.16; QuickTime File Format, subtitle sample description). */
export const ALL_FORCED = 0xc0000000;
/** The mark of all alone. */
const FORCED = 0x80000000;

/** Whether a track of text says that all of its texts are forced. */
export const isForcedText = ({ display = 0 }: Pick<TrackHeader, 'display'>): boolean => display >= FORCED;

/** Reads the flags of the first description of samples in the payload of `stsd`; undefined where it is none of timed text (3GPP TS 26.245 5.16). */
const displayIn = (stsd: Buffer): number | undefined =>
  stsd.length >= DISPLAY_AT + 4 && stsd.toString('latin1', 12, 16) === 'tx3g'
    ? stsd.readUInt32BE(DISPLAY_AT)
    : undefined;

/** Behind the version, the count, and the header of the first entry with its index of data. */
const DISPLAY_AT = 8 + 16;

/** Reads the payloads of `tkhd`, `mdhd`, `smhd` and `stsd`; undefined where the first is too short. */
export function trackHeaderOf(
  tkhd: Buffer,
  mdhd: Buffer,
  { smhd, stsd }: { readonly smhd: Buffer | undefined; readonly stsd: Buffer | undefined },
): TrackHeader | undefined {
  const at = groupAt(tkhd);
  if (tkhd.length < at + 4) return undefined;
  const [own, media] = [datesIn(tkhd), datesIn(mdhd)];
  return {
    ...own,
    mediaCreated: media.created,
    mediaModified: media.modified,
    flags: (tkhd[3] ?? 0) & FLAGS,
    volume: tkhd.readUInt16BE(at + 2),
    balance: smhd && smhd.length >= 6 ? smhd.readInt16BE(4) : undefined,
    group: tkhd.readInt16BE(at),
    layer: tkhd.readInt16BE(at - 2),
    ...placeIn(tkhd, at + 6),
    display: stsd && displayIn(stsd),
    ...(stsd && placesTexts(stsd) && { placesTexts: true }),
  };
}

/** Whether texts are justified otherwise than usual, or stand in a box (3GPP TS 26.245 5.16). */
function placesTexts(stsd: Buffer): boolean {
  const [from, boxAt] = [DISPLAY_AT + 4, DISPLAY_AT + 10]; // a colour lies between
  if (displayIn(stsd) === undefined || stsd.length < boxAt + 8) return false;
  return stsd.readUInt16BE(from) !== CENTRED_AT_BOTTOM || stsd.readBigUInt64BE(boxAt) !== 0n;
}

/** The justification of `tx3g` in its two bytes: 1 across, and -1 down. */
const CENTRED_AT_BOTTOM = 0x01ff;

/** Reads where a picture stands from the matrix at a position; nothing of one that is turned, or in the corner. */
function placeIn(tkhd: Buffer, at: number): Pick<TrackHeader, 'at'> {
  if (tkhd.length < at + 36) return {};
  const [, across, , down, , , left = 0, top = 0] = Array.from({ length: 8 }, (_, i) => tkhd.readInt32BE(at + 4 * i));
  const isTurned = across !== 0 || down !== 0;
  return isTurned || (left === 0 && top === 0) ? {} : { at: { left: left / 0x1_0000, top: top / 0x1_0000 } };
}

/** Where the alternate group stands in `tkhd`, between the layer and the volume (ISO/IEC 14496-12 8.3.2). */
const groupAt = (tkhd: Buffer): number => (tkhd[0] === 1 ? 46 : 34);

/** Returns a movie box with these headers of its tracks, by their numbers. A date that its header has no room for stays as it is. */
export function withHeaders(moov: Buffer, wanted: WantedHeaders): Buffer {
  const movie = movieIn(moov);
  let track = 0;
  const children = boxesOf(moov, movie.body, movie.end);
  const numbers = children.filter(({ type }) => type === 'trak').map((box) => trackNumber(boxBytes(moov, box)));
  const parts = children.map((child) => {
    const bytes = Buffer.from(boxBytes(moov, child));
    if (child.type === 'mvhd')
      writeDates(bytes, boxesOf(bytes, 0, bytes.length)[0], { modified: wanted.get('movie')?.modified });
    const header = child.type === 'trak' ? wanted.get(track++) : undefined;
    if (header) write(bytes, header);
    return header?.references?.length ? withReferences(bytes, header.references, numbers) : bytes;
  });
  return newBox('moov', ...parts);
}

function write(trak: Buffer, wanted: Partial<TrackHeader>): void {
  const { volume, balance, group, layer, flags, display } = wanted;
  const [whole] = boxesOf(trak, 0, trak.length);
  const find = (...path: readonly string[]) => whole && boxByPath(trak, whole, ...path);
  const [tkhd, mdhd, smhd] = [find('tkhd'), find('mdia', 'mdhd'), find('mdia', 'minf', 'smhd')];
  const stsd = find('mdia', 'minf', 'stbl', 'stsd');
  if (tkhd) {
    const at = tkhd.body + groupAt(trak.subarray(tkhd.body, tkhd.end));
    if (group !== undefined) trak.writeInt16BE(group, at);
    if (layer !== undefined) trak.writeInt16BE(layer, at - 2);
    if (smhd && volume !== undefined) trak.writeUInt16BE(volume, at + 2);
    if (flags !== undefined) trak[tkhd.body + 3] = ((trak[tkhd.body + 3] ?? 0) & ~FLAGS) | flags;
  }
  writeDates(trak, tkhd, wanted);
  writeDates(trak, mdhd, { created: wanted.mediaCreated, modified: wanted.mediaModified });
  if (stsd && display !== undefined && displayIn(trak.subarray(stsd.body, stsd.end)) !== undefined)
    trak.writeUInt32BE(display, stsd.body + DISPLAY_AT);
  if (smhd && balance !== undefined) trak.writeInt16BE(balance, smhd.body + 4);
}

type Dates = { readonly created?: number | undefined; readonly modified?: number | undefined };

function writeDates(bytes: Buffer, header: MemoryBox | undefined, { created, modified }: Dates): void {
  if (!header) return;
  const isLong = bytes[header.body] === 1;
  for (const [seconds, at] of [
    [created, header.body + 4],
    [modified, header.body + (isLong ? 12 : 8)],
  ] as const) {
    if (seconds === undefined) continue;
    if (isLong) bytes.writeBigUInt64BE(BigInt(seconds), at);
    else if (seconds < 2 ** 32) bytes.writeUInt32BE(seconds, at);
  }
}

/** The names of headers that a finished file does not have as they were planned. */
export const headerDifferences = (wanted: WantedHeaders, found: MovieHeaders | undefined): readonly string[] =>
  [...wanted].flatMap(([track, header]) => {
    const own: Partial<TrackHeader> | undefined = track === 'movie' ? found : found?.tracks[track];
    const isSound = header.balance !== undefined && own?.balance !== undefined;
    const same =
      own !== undefined &&
      FIELDS.every((field) => header[field] === undefined || own[field] === header[field]) &&
      hasReferences(own.references, header.references) &&
      (!isSound || (own.volume === header.volume && own.balance === header.balance));
    return same ? [] : [track === 'movie' ? 'header of the movie' : `header of track ${track}`];
  });

const FIELDS = ['group', 'layer', 'flags', 'display', 'created', 'mediaCreated', 'modified', 'mediaModified'] as const;
