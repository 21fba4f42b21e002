import { type FileHandle, open } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { newBox } from '../../core/film/boxes.ts';
import { isMatroska } from '../../core/film/probe.ts';
import { sphericalOf } from '../../core/film/projection.ts';
import { moveChunks, type Spherical, sphericalIn, sphericalOfXmp, withSpherical } from '../../core/film/spherical.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { projectionIn } from '../structure/matroska-projection.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box } from '../structure/mp4-boxes.ts';

/** The tables of a day-long film take about 50 MB. */
const LARGEST_MOOV = 96 * 2 ** 20;
/** Sample descriptions and XMP are smaller than this. */
const LARGEST_PART = 2 ** 20;
const READ_BYTES = 4 * 2 ** 20;
const MOVE_BYTES = 16 * 2 ** 20;

type Moov = { readonly box: Mp4Box; readonly bytes: Buffer };

/** Reads the spherical metadata of a source without its sample tables; undefined where it has none, or is no MP4, MOV or Matroska. */
export async function readSpherical(
  { path, probe, stream }: Source,
  signal: AbortSignal,
): Promise<Spherical | undefined> {
  if (isMatroska(probe)) {
    const projection = await withByteSource(path, signal, (source) => projectionIn(source, stream));
    const xmp = probe.streams[stream]?.tags['spherical-video'] ?? probe.tags['spherical-video'];
    return (projection && sphericalOf(projection)) ?? (xmp === undefined ? undefined : sphericalOfXmp(xmp));
  }
  if (!probe.format.startsWith('mov')) return undefined;
  const outline = await withByteSource(path, signal, outlineOf);
  return outline && sphericalIn(outline, stream);
}

/** Returns the movie box reduced to each track's handler, sample entries and uuid boxes, without the tables that grow with the film. */
async function outlineOf(source: ByteSource): Promise<Buffer | undefined> {
  for await (const moov of boxesIn(source, 0, source.size)) {
    if (moov.type !== 'moov') continue;
    const tracks: Buffer[] = [];
    for await (const track of childrenOf(source, moov)) {
      if (track.type === 'trak') tracks.push(await outlineOfTrack(source, track));
    }
    return newBox('moov', ...tracks);
  }
  return undefined;
}

async function outlineOfTrack(source: ByteSource, track: Mp4Box): Promise<Buffer> {
  const copy = async (box: Mp4Box | undefined) =>
    box && box.size <= LARGEST_PART ? source.read(box.start, box.size) : Buffer.alloc(0);
  const hdlr = await copy(await findBox(source, track, 'mdia', 'hdlr'));
  const stsd = await copy(await findBox(source, track, 'mdia', 'minf', 'stbl', 'stsd'));
  const more: Buffer[] = [];
  for await (const box of childrenOf(source, track)) if (box.type === 'uuid') more.push(await copy(box));
  return newBox('trak', newBox('mdia', hdlr, newBox('minf', newBox('stbl', stsd))), ...more);
}

/** Writes spherical metadata into an MP4 of our own whose first track is the picture. The bytes behind the movie box move in place. */
export async function insertSpherical(path: string, spherical: Spherical, signal: AbortSignal): Promise<void> {
  const found = await withByteSource(path, signal, async (source) => ({
    moov: await readMoov(source),
    size: source.size,
  }));
  if (!found.moov) throw new ServiceError('not-exact', 'the joined file has no movie box');
  const { box, bytes } = found.moov;
  const edited = withSpherical(bytes, spherical);
  const by = edited.length - bytes.length;
  moveChunks(edited, box.end, by);
  const file = await open(path, 'r+');
  try {
    await writeFailure(rewrite(file, edited, { box, size: found.size, by }, signal), path);
  } finally {
    await file.close();
  }
}

async function rewrite(
  file: FileHandle,
  moov: Buffer,
  { box, size, by }: { readonly box: Mp4Box; readonly size: number; readonly by: number },
  signal: AbortSignal,
): Promise<void> {
  if (by < 0) throw new Error('the movie box became smaller when metadata was added');
  const block = Buffer.alloc(Math.min(MOVE_BYTES, size - box.end));
  // blocks move from the end, so that none is overwritten before it was read
  for (let end = size; end > box.end && by > 0; ) {
    signal.throwIfAborted();
    const length = Math.min(block.length, end - box.end);
    end -= length;
    await file.read(block, 0, length, end);
    await file.write(block, 0, length, end + by);
  }
  await file.write(moov, 0, moov.length, box.start);
}

async function readMoov(source: ByteSource): Promise<Moov | undefined> {
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type !== 'moov') continue;
    if (box.size > LARGEST_MOOV)
      throw new ServiceError('over-limit', `its movie box has ${box.size} bytes; at most ${LARGEST_MOOV} can be read`);
    const parts: Buffer[] = [];
    for (let at = box.start; at < box.end; at += READ_BYTES) {
      parts.push(await source.read(at, Math.min(READ_BYTES, box.end - at)));
    }
    return { box, bytes: Buffer.concat(parts) };
  }
  return undefined;
}
