import { boxByPath, boxBytes, boxesOf, type MemoryBox, newBox } from './boxes.ts';

/** What the headers of a track in MP4 or MOV say of it besides its length. Dates are seconds from 1904 on, and 0 is none. */
export type TrackHeader = {
  readonly created: number;
  readonly mediaCreated: number;
  /** In 256ths: 256 is as loud as it is. */
  readonly volume: number;
  /** In 256ths, from left (below 0) to right; undefined for what is no sound. */
  readonly balance: number | undefined;
  /** Tracks of one group stand for each other; 0 is no group. */
  readonly group: number;
};

export type MovieHeaders = { readonly created: number; readonly tracks: readonly TrackHeader[] };

/** Reads `mvhd`, `mdhd` or `tkhd`, which begin with a version and the time of creation (ISO/IEC 14496-12 8.2.2). */
export const createdIn = (payload: Buffer): number => {
  if (payload[0] === 1) return payload.length < 12 ? 0 : Number(payload.readBigUInt64BE(4));
  return payload.length < 8 ? 0 : payload.readUInt32BE(4);
};

/** Reads the payloads of `tkhd`, `mdhd` and `smhd`; undefined where the first is too short. */
export function trackHeaderOf(tkhd: Buffer, mdhd: Buffer, smhd: Buffer | undefined): TrackHeader | undefined {
  const at = groupAt(tkhd);
  if (tkhd.length < at + 4) return undefined;
  return {
    created: createdIn(tkhd),
    mediaCreated: createdIn(mdhd),
    volume: tkhd.readUInt16BE(at + 2),
    balance: smhd && smhd.length >= 6 ? smhd.readInt16BE(4) : undefined,
    group: tkhd.readInt16BE(at),
  };
}

/** Where the alternate group stands in `tkhd`; the volume follows it (ISO/IEC 14496-12 8.3.2). */
const groupAt = (tkhd: Buffer): number => (tkhd[0] === 1 ? 46 : 34);

/** Returns a movie box with these headers of its tracks, by their numbers. A date that its header has no room for stays as it is. */
export function withHeaders(moov: Buffer, wanted: ReadonlyMap<number, TrackHeader>): Buffer {
  const [movie] = boxesOf(moov, 0, moov.length);
  if (movie?.type !== 'moov') throw new Error('not a movie box');
  let track = 0;
  const parts = boxesOf(moov, movie.body, movie.end).map((child) => {
    const bytes = Buffer.from(boxBytes(moov, child));
    const header = child.type === 'trak' ? wanted.get(track++) : undefined;
    if (header) write(bytes, header);
    return bytes;
  });
  return newBox('moov', ...parts);
}

function write(trak: Buffer, { created, mediaCreated, volume, balance, group }: TrackHeader): void {
  const [whole] = boxesOf(trak, 0, trak.length);
  const find = (...path: readonly string[]) => whole && boxByPath(trak, whole, ...path);
  const [tkhd, mdhd, smhd] = [find('tkhd'), find('mdia', 'mdhd'), find('mdia', 'minf', 'smhd')];
  if (tkhd) {
    const at = tkhd.body + groupAt(trak.subarray(tkhd.body, tkhd.end));
    trak.writeInt16BE(group, at);
    if (smhd) trak.writeUInt16BE(volume, at + 2);
    writeDate(trak, tkhd, created);
  }
  if (mdhd) writeDate(trak, mdhd, mediaCreated);
  if (smhd && balance !== undefined) trak.writeInt16BE(balance, smhd.body + 4);
}

function writeDate(bytes: Buffer, { body }: MemoryBox, seconds: number): void {
  if (bytes[body] === 1) bytes.writeBigUInt64BE(BigInt(seconds), body + 4);
  else if (seconds < 2 ** 32) bytes.writeUInt32BE(seconds, body + 4);
}

/** The names of headers that a finished file does not have as they were planned. */
export const headerDifferences = (
  wanted: ReadonlyMap<number, TrackHeader>,
  found: MovieHeaders | undefined,
): readonly string[] =>
  [...wanted].flatMap(([track, header]) => {
    const own = found?.tracks[track];
    const isSound = header.balance !== undefined && own?.balance !== undefined;
    const same =
      own !== undefined &&
      own.group === header.group &&
      own.created === header.created &&
      own.mediaCreated === header.mediaCreated &&
      (!isSound || (own.volume === header.volume && own.balance === header.balance));
    return same ? [] : [`header of track ${track}`];
  });
