import { behindDates } from '../../core/bytes/boxes.ts';
import { editsIn } from '../../core/bytes/edit-list-box.ts';
import type { Size } from '../../core/film/frame-size.ts';
import type { ByteSource } from './byte-source.ts';
import type { FragmentDefaults } from './fragment-run.ts';
import { childrenOf, findBox, type Mp4Box, payloadOf, payloadStart, trackBoxesIn } from './mp4-boxes.ts';

/** Headers of tracks are smaller than this. */
const LARGEST = 1 << 20;

/** The properties of a fragmented track in the movie box. */
export type FragmentedTrackHeader = {
  readonly kind: 'picture' | 'sound';
  readonly id: number;
  readonly timescale: number;
  /** The displayed size: the size in `tkhd`, turned by its matrix. */
  readonly shown: Size;
  readonly skippedSeconds: number;
  readonly emptySeconds: number;
  readonly defaults: FragmentDefaults;
};

/**
 * Reads the tracks of picture and sound in a movie box: tkhd, mdhd, hdlr, elst, trex (ISO/IEC 14496-12 8.3.2 to 8.8.3). Returns undefined
 * where a header or an edit list is shorter than it says.
 */
export async function trackHeaders(
  source: ByteSource,
  moov: Mp4Box,
): Promise<readonly FragmentedTrackHeader[] | undefined> {
  const movie = await findBox(source, moov, 'mvhd');
  const movieScale = movie ? timescaleIn(await payloadStart(source, movie, 24)) : 1;
  const found: FragmentedTrackHeader[] = [];
  for await (const track of trackBoxesIn(source, moov)) {
    const handler = await findBox(source, track, 'mdia', 'hdlr');
    if (!handler) continue;
    const kind = KINDS[(await payloadStart(source, handler, 12)).toString('latin1', 8, 12)];
    const header = await findBox(source, track, 'tkhd');
    const media = await findBox(source, track, 'mdia', 'mdhd');
    if (!kind || !header || !media) continue;
    const read = readTrackHeader(await payloadOf(source, header, LARGEST));
    const timescale = timescaleIn(await payloadStart(source, media, 24));
    const edits = await readEdits(source, track, { timescale, movieScale });
    if (!read || !edits) return undefined;
    found.push({ kind, ...read, timescale, ...edits, defaults: await sampleDefaults(source, moov, read.id) });
  }
  return found;
}

const KINDS: Readonly<Record<string, FragmentedTrackHeader['kind']>> = { vide: 'picture', soun: 'sound' };

const timescaleIn = (header: Buffer) => header.readUInt32BE(behindDates(header));

const TRACK_HEADER_BYTES = 84;

/** Reads `tkhd`, whose size is 16.16 fixed point and not yet turned by the matrix (ISO/IEC 14496-12 8.3.2). */
function readTrackHeader(tkhd: Buffer): Pick<FragmentedTrackHeader, 'id' | 'shown'> | undefined {
  const later = tkhd[0] === 1 ? 12 : 0; // 64-bit times
  if (tkhd.length < TRACK_HEADER_BYTES + later) return undefined;
  const [width = 0, height = 0] = [76, 80].map((at) => Math.round(tkhd.readUInt32BE(at + later) / 0x1_0000));
  const [a, d] = [40, 56].map((at) => tkhd.readInt32BE(at + later));
  const isTurned = a === 0 && d === 0;
  return {
    id: tkhd.readUInt32BE(12 + (later && 8)),
    shown: isTurned ? { width: height, height: width } : { width, height },
  };
}

/** Reads how much an edit list skips at the track's beginning, and how long it shows nothing before (ISO/IEC 14496-12 8.6.6). */
async function readEdits(
  source: ByteSource,
  track: Mp4Box,
  { timescale, movieScale }: { readonly timescale: number; readonly movieScale: number },
): Promise<Pick<FragmentedTrackHeader, 'skippedSeconds' | 'emptySeconds'> | undefined> {
  const box = await findBox(source, track, 'edts', 'elst');
  const elst = box && (await payloadOf(source, box, LARGEST));
  const isEmpty = elst === undefined || (elst.length >= 8 && elst.readUInt32BE(4) === 0);
  if (isEmpty) return { skippedSeconds: 0, emptySeconds: 0 };
  const edits = editsIn(elst, { type: 'elst', start: 0, body: 0, end: elst.length });
  if (!edits) return undefined;
  const empty = edits.filter(({ from }) => from === -1).reduce((sum, { lasts }) => sum + lasts, 0);
  const skipped = edits.find(({ from }) => from >= 0)?.from ?? 0;
  return { skippedSeconds: skipped / timescale, emptySeconds: empty / movieScale };
}

/** Reads what the movie box says of samples of a track whose fragment does not say it. */
export async function sampleDefaults(source: ByteSource, moov: Mp4Box, id: number): Promise<FragmentDefaults> {
  const mvex = await findBox(source, moov, 'mvex');
  if (mvex) {
    for await (const box of childrenOf(source, mvex)) {
      if (box.type !== 'trex') continue;
      const trex = await payloadStart(source, box, 24);
      if (trex.readUInt32BE(4) === id) return { duration: trex.readUInt32BE(12), flags: trex.readUInt32BE(20) };
    }
  }
  return { duration: 0, flags: 0 };
}
