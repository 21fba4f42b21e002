import { newBox } from '../../core/bytes/boxes.ts';
import { isEmptySpace, isFreeSpace } from '../../core/description/camera-boxes.ts';
import { flvMetadata } from '../../core/description/flv-metadata.ts';
import { type MetadataBox, TOO_LARGE } from '../../core/description/metadata.ts';
import { isSphereXmp } from '../../core/film/spherical.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { shownName } from '../../core/streams/set-aside.ts';
import { readAsfHeader } from './asf-header.ts';
import { aviMetadata } from './avi-metadata.ts';
import type { ByteSource } from './byte-source.ts';
import { flvScripts } from './flv-scripts.ts';
import { withMovieSource } from './movie-source.ts';
import { boxesIn, childrenOf, type Mp4Box } from './mp4-boxes.ts';
import { hasPieces, type Room, readInPieces, roomOfFile } from './mp4-large-boxes.ts';
import { TOP_BOXES } from './top-boxes.ts';

const MOST_BOXES = 10_000;
/** What is looked at of each end of free space. */
const SAMPLE = 2 ** 20;

/** What a file, a movie and a track consist of. Every other box in them is metadata. */
const OF_THE_FILE = 'ftyp moov mdat wide moof mfra sidx ssix styp pdin';
const OF_THE_MOVIE = 'mvhd trak mvex iods rmra pssh wide';
const OF_A_TRACK = 'tkhd mdia edts tref wide';

/** What the boxes of a track that hold tables consist of. */
const TABLES: Readonly<Record<string, string>> = {
  edts: 'elst free skip wide',
  mdia: 'mdhd hdlr minf elng free skip wide',
  minf: 'vmhd smhd hmhd nmhd sthd gmhd vrhd dinf hdlr stbl free skip wide',
  stbl: 'stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sbgp sgpd csgp subs saiz saio stsh stdp padb senc free skip wide',
};
const AMONG_TABLES = 'it lies among the tables of its track, which are written anew';

/** What a film in fragments may have with each of them: one line tells of all. */
const TOLD_ONCE: ReadonlySet<string> = new Set(['emsg', 'prft']);

const typesIn = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const FILE_TYPES = typesIn(OF_THE_FILE);
const MOVIE_TYPES = typesIn(OF_THE_MOVIE);
const TRACK_TYPES = typesIn(OF_A_TRACK);

/**
 * Reads the boxes of an MP4 or QuickTime file that describe the film, and what an AVI, an ASF and an FLV hold of that
 * kind; nothing of any other file. Boxes that are too large come without their bytes.
 */
export async function readMetadata(
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<readonly MetadataBox[]> {
  if (probe.format === 'avi') return aviMetadata(path, signal);
  if (probe.format === 'asf') return (await readAsfHeader(path, signal)).boxes;
  if (probe.format === 'flv') return flvMetadata(await flvScripts(path, false, signal));
  return probe.format.startsWith('mov') ? withMovieSource(path, signal, metadataIn) : [];
}

async function metadataIn(source: ByteSource): Promise<readonly MetadataBox[]> {
  const found: MetadataBox[] = [];
  const room = roomOfFile();
  const told = new Set<string>();
  const add: Add = async (place, box, leftOut) => {
    if (found.length >= MOST_BOXES || told.has(box.type)) return;
    if (TOLD_ONCE.has(box.type)) told.add(box.type);
    if (isFreeSpace(box.type) && isEmptySpace(newBox(box.type, await endsOf(source, box)))) return;
    const isThere = box.end <= source.size;
    const fits = isThere && room.pieces(box.size);
    if (isThere && !fits && hasPieces(box)) return found.push(...(await inPieces(source, place, box, room)));
    const bytes = fits ? await source.read(box.start, box.size) : undefined;
    // a box whose size is given as 0 reaches to the end of the file, which lies elsewhere in a rendition
    found.push({
      place,
      type: box.type,
      bytes: box.open ? bytes && newBox(box.type, bytes.subarray(8)) : bytes,
      ...(leftOut !== undefined && { leftOut }),
    });
  };
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type === 'moov') await addMovie(source, box, add);
    // what no box is, a warning tells
    else if (box.end > source.size && !TOP_BOXES.has(box.type)) break;
    else if (!FILE_TYPES.has(box.type)) await add('file', box);
  }
  return found.filter((box) => !isOfSphere(box));
}

/** A large `udta` or `meta`: what can be read of it, and what is left out by its name. */
async function inPieces(
  source: ByteSource,
  place: MetadataBox['place'],
  box: Mp4Box,
  room: Room,
): Promise<readonly MetadataBox[]> {
  const { type } = box;
  const { bytes, tooLarge, lacksCovers } = await readInPieces(source, box, room);
  return [
    ...(bytes ? [{ place, type, bytes, ...(lacksCovers && { lacksCovers }) }] : []),
    ...tooLarge.map((name) => ({ place, type, bytes: undefined, leftOut: TOO_LARGE, name: shownName(name) })),
  ];
}

/** The beginning and the end of a payload, which is all of a short one. */
async function endsOf(source: ByteSource, { start, headerBytes, end }: Mp4Box): Promise<Buffer> {
  const [from, to] = [start + headerBytes, Math.min(end, source.size)];
  const first = await source.read(from, Math.max(0, Math.min(SAMPLE, to - from)));
  const behind = Math.max(from + first.length, to - SAMPLE);
  return Buffer.concat([first, await source.read(behind, Math.max(0, to - behind))]);
}

/** The marks of a sphere are read and carried with its picture. */
const isOfSphere = ({ place, type, bytes }: MetadataBox): boolean =>
  typeof place === 'number' && type === 'uuid' && bytes !== undefined && isSphereXmp(bytes);

type Add = (place: MetadataBox['place'], box: Mp4Box, leftOut?: string) => Promise<unknown>;

async function addMovie(source: ByteSource, moov: Mp4Box, add: Add): Promise<void> {
  let track = 0;
  for await (const box of childrenOf(source, moov)) {
    if (box.type === 'trak') {
      for await (const child of childrenOf(source, box)) {
        if (child.type in TABLES) await addAmongTables(source, child, (each) => add(track, each, AMONG_TABLES));
        else if (!TRACK_TYPES.has(child.type)) await add(track, child);
      }
      track++;
    } else if (!MOVIE_TYPES.has(box.type)) await add('movie', box);
  }
}

/** Adds what lies in a box of tables and the boxes of tables inside it, and is no table. */
async function addAmongTables(source: ByteSource, box: Mp4Box, add: (box: Mp4Box) => Promise<unknown>): Promise<void> {
  const known = (TABLES[box.type] ?? '').split(' ');
  for await (const child of childrenOf(source, box)) {
    if (child.type in TABLES) await addAmongTables(source, child, add);
    else if (!known.includes(child.type)) await add(child);
  }
}
