import { type FileHandle, open } from 'node:fs/promises';
import { boxByPath, boxBytes, boxesOf } from '../../core/bytes/boxes.ts';
import { placedTrack, scaleIn, trackNumber, withTracks } from '../../core/bytes/carried-track.ts';
import type { Chunk } from '../../core/bytes/track-chunks.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../process/write-failure.ts';
import { readSourceTracks, type SourceTracks } from '../structure/mp4-source-tracks.ts';
import { editMovie } from './edit-movie.ts';

const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Copies the source's tracks that the plan carries into the joined file: samples behind its media, and the track box at the end of
 * its movie box. A track that cannot be read is left out, which its check then finds.
 */
export async function carryTracks(plan: JoinPlan, signal: AbortSignal): Promise<void> {
  const wanted = plan.streams.filter(({ track }) => track).map(({ stream }) => stream.index);
  if (wanted.length === 0) return;
  const source = await readSourceTracks(plan.source, wanted, signal);
  const carried = source.tracks.filter(({ chunks }) => chunks !== undefined);
  if (carried.length === 0) return;
  const placed: { readonly trak: Buffer; readonly offsets: readonly number[] }[] = [];
  const output = await open(plan.output, 'r+');
  try {
    let end = (await output.stat()).size;
    for (const { trak, chunks = [] } of carried) {
      const from = { path: plan.source, chunks };
      const offsets = await writeFailure(appendMedia(output, { end, from }, signal), plan.output);
      placed.push({ trak, offsets });
      end = (await output.stat()).size;
    }
  } finally {
    await output.close();
  }
  await editMovie(plan.output, (moov) => withCarried(moov, { placed, source, plan }), { signal });
}

type Carried = {
  readonly placed: readonly { readonly trak: Buffer; readonly offsets: readonly number[] }[];
  readonly source: SourceTracks;
  readonly plan: JoinPlan;
};

function withCarried(moov: Buffer, { placed, source, plan }: Carried): Buffer {
  const [movie] = boxesOf(moov, 0, moov.length);
  const mvhd = movie && boxByPath(moov, movie, 'mvhd');
  if (!movie || !mvhd) throw new ServiceError('not-exact', 'the joined file has no movie header');
  const own = boxesOf(moov, movie.body, movie.end).filter(({ type }) => type === 'trak');
  const numbers = own.map((box) => trackNumber(boxBytes(moov, box)));
  const first = 1 + Math.max(0, ...numbers);
  const ids = new Map(placed.map(({ trak }, i) => [trackNumber(trak), first + i]));
  for (const [i, stream] of tracksWritten(plan).entries()) {
    const number = source.numbers[stream];
    if (number !== undefined) ids.set(number, numbers[i] ?? 0);
  }
  const movieScale = { from: source.movieScale, to: scaleIn(moov, mvhd) };
  const tracks = placed.flatMap(({ trak, offsets }, i) => {
    const shiftSeconds = plan.sourceOffsetSeconds - plan.sourceStartSeconds;
    const made = placedTrack(trak, { id: first + i, movieScale, shiftSeconds, ids, offsets });
    return made ? [made] : [];
  });
  return withTracks(moov, tracks);
}

/** The streams of the source that ffmpeg wrote as tracks, in the order of the tracks. */
const tracksWritten = ({ streams, mainStream }: JoinPlan): readonly number[] => [
  mainStream,
  ...streams
    .filter(({ stream, codecArgs, inside }) => codecArgs && !inside && stream.index !== mainStream)
    .filter(({ stream }) => !stream.video?.isAttachedPicture)
    .map(({ stream }) => stream.index),
];

/** Writes chunks of the source into a media box at the end of a file, and returns where each begins. */
async function appendMedia(
  output: FileHandle,
  { end, from }: { readonly end: number; readonly from: { readonly path: string; readonly chunks: readonly Chunk[] } },
  signal: AbortSignal,
): Promise<readonly number[]> {
  const bytes = from.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const header = Buffer.alloc(16); // a size of 64 bits, whatever the size
  header.writeUInt32BE(1);
  header.write('mdat', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(bytes + header.length), 8);
  await output.write(header, 0, header.length, end);
  const source = await open(from.path, 'r');
  const block = Buffer.alloc(BLOCK_BYTES);
  const offsets: number[] = [];
  let to = end + header.length;
  try {
    for (const chunk of from.chunks) {
      offsets.push(to);
      for (let at = chunk.at; at < chunk.at + chunk.bytes; ) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(block, 0, Math.min(block.length, chunk.at + chunk.bytes - at), at);
        if (bytesRead === 0)
          throw new ServiceError('truncated', 'the source became shorter while it was read; drop it again');
        await output.write(block, 0, bytesRead, to);
        at += bytesRead;
        to += bytesRead;
      }
    }
  } finally {
    await source.close();
  }
  return offsets;
}
