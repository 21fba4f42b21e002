import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { boxByPath, boxBytes, boxesOf } from '../../core/bytes/boxes.ts';
import { shownOrder, withPlaces } from '../../core/bytes/sample-order.ts';
import { type Chunk, chunksOfTrack } from '../../core/bytes/track-chunks.ts';
import { ServiceError } from '../../core/errors.ts';
import { type NoteKind, type PictureNotes, withNotes } from '../../core/film/picture-notes.ts';
import { writeFailure } from '../process/write-failure.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { readMoov } from './edit-movie.ts';

type Weaving = {
  readonly kinds: readonly NoteKind[];
  readonly pictures: number;
  notesOf(picture: number): Promise<PictureNotes>;
  /** Changes the movie box, as by Dolby Vision's configuration in the picture's sample entry. */
  edit(moov: Buffer): Buffer;
};

type TrackChunk = Chunk & { readonly track: number; readonly chunk: number };

/**
 * Writes the notes of each picture into the first track of an MP4 of our own, HEVC: the file is written anew beside itself, each
 * chunk in its order, and takes its own place. Returns false, and changes nothing, where it has another number of pictures.
 */
export async function weaveNotes(path: string, weaving: Weaving, signal: AbortSignal): Promise<boolean> {
  const found = await withByteSource(path, signal, readMoov);
  if (!found) throw new ServiceError('not-exact', 'the joined file has no movie box');
  const moov = weaving.edit(found.bytes);
  const [movie] = boxesOf(moov, 0, moov.length);
  const tracks = boxesOf(moov, movie?.body ?? 0, movie?.end ?? 0)
    .filter(({ type }) => type === 'trak')
    .map((box) => boxBytes(moov, box));
  const picture = tracks[0];
  const order = picture && shownOrder(picture);
  if (!picture || order?.length !== weaving.pictures) return false;
  const known = tracks.map((track) => chunksOfTrack(track) ?? (hasChunks(track) ? undefined : []));
  const chunks = known.filter((list) => list !== undefined);
  if (chunks.length < tracks.length) return false; // nothing of a track may be lost
  const counts = samplesOfChunks(picture, chunks[0]?.length ?? 0);
  const sizes = sizesOf(picture, order.length);
  const pieces = chunks
    .flatMap((list, track) => list.map((each, chunk): TrackChunk => ({ ...each, track, chunk })))
    .sort((a, b) => a.at - b.at);
  const offsets = chunks.map((list) => list.map(() => 0));
  const made = `${path}.woven`;
  const [from, to] = [await open(path, 'r'), await writeFailure(open(made, 'w'), made)];
  try {
    const head = Buffer.alloc(found.box.start);
    await from.read(head, 0, head.length, 0);
    const places = () => offsets.map((list, i) => ({ offsets: list, sizes: i === 0 ? sizes : undefined }));
    const room = withPlaces(moov, places()).length;
    let at = head.length + room + MEDIA_HEADER;
    const put = async (bytes: Buffer) => {
      await writeFailure(to.write(bytes, 0, bytes.length, at), made);
      at += bytes.length;
    };
    let sample = 0;
    for (const { track, chunk, at: start, bytes } of pieces) {
      signal.throwIfAborted();
      const list = offsets[track];
      if (list) list[chunk] = at;
      const data = await readWhole(from, start, bytes);
      if (track > 0) {
        await put(data);
        continue;
      }
      for (let done = 0, left = counts[chunk] ?? 0; left > 0; left--, sample++) {
        const length = sizes[sample] ?? 0;
        const notes = await weaving.notesOf(order[sample] ?? 0);
        const woven = withNotes(data.subarray(done, done + length), notes, weaving.kinds);
        done += length;
        sizes[sample] = woven.length;
        await put(woven);
      }
    }
    const whole = Buffer.concat([head, withPlaces(moov, places()), mediaHeader(at - head.length - room)]);
    await writeFailure(to.write(whole, 0, whole.length, 0), made);
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  } finally {
    await from.close();
    await to.close();
  }
  await writeFailure(rename(made, path), path);
  return true;
}

const MEDIA_HEADER = 16;

function mediaHeader(bytes: number): Buffer {
  const header = Buffer.alloc(MEDIA_HEADER);
  header.writeUInt32BE(1); // a size of 64 bits
  header.write('mdat', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(bytes), 8);
  return header;
}

async function readWhole(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const data = Buffer.alloc(length);
  const { bytesRead } = await file.read(data, 0, length, at);
  if (bytesRead < length) throw new ServiceError('not-exact', 'the joined file ends in the middle of a chunk');
  return data;
}

function hasChunks(trak: Buffer): boolean {
  const [whole] = boxesOf(trak, 0, trak.length);
  const stbl = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl');
  const tables = stbl
    ? boxesOf(trak, stbl.body, stbl.end).filter(({ type }) => type === 'stco' || type === 'co64')
    : [];
  return tables.some(({ body }) => trak.readUInt32BE(body + 4) > 0);
}

/** How many samples each chunk of a track has (stsc, which `chunksOfTrack` has found in order). */
function samplesOfChunks(trak: Buffer, chunks: number): readonly number[] {
  const stsc = tableBox(trak, 'stsc');
  const counts: number[] = [];
  const runs = trak.readUInt32BE(stsc.body + 4);
  for (let run = 0; run < runs; run++) {
    const next = run + 1 < runs ? trak.readUInt32BE(stsc.body + 8 + 12 * (run + 1)) - 1 : chunks;
    while (counts.length < next) counts.push(trak.readUInt32BE(stsc.body + 12 + 12 * run));
  }
  return counts;
}

function sizesOf(trak: Buffer, samples: number): Uint32Array {
  const stsz = tableBox(trak, 'stsz');
  const each = trak.readUInt32BE(stsz.body + 4);
  return Uint32Array.from({ length: samples }, (_, i) => each || trak.readUInt32BE(stsz.body + 12 + 4 * i));
}

function tableBox(trak: Buffer, type: string) {
  const [whole] = boxesOf(trak, 0, trak.length);
  const box = whole && boxByPath(trak, whole, 'mdia', 'minf', 'stbl', type);
  if (!box) throw new ServiceError('not-exact', `the joined file has no ${type}`);
  return box;
}
