import { type FileHandle, open } from 'node:fs/promises';
import { boxByPath, boxHeader } from '../../core/bytes/boxes.ts';
import {
  indexBox,
  indexBytes,
  MOST_REFERENCES,
  type TrackIndex,
  withoutEmptyEdits,
} from '../../core/bytes/fragment-header.ts';
import { ServiceError } from '../../core/errors.ts';
import { fragmentOrder, type PlacedFragment } from '../../core/film/fragment-order.ts';
import type { FragmentedTrack } from '../../core/film/fragments.ts';
import { fragmentTracks } from '../structure/fragment-map.ts';

/**
 * Writes the fragments of `from`, a fragmented MP4 by ffmpeg with one track in each fragment, to `to` in the order of
 * `fragmentOrder`, behind a header without empty edits and an index of each track. A track that begins late gets later
 * fragment times instead of an empty edit. Throws `not-exact` where there are no fragments.
 */
export async function arrangeFragments(from: string, to: string, signal: AbortSignal): Promise<void> {
  const map = await fragmentTracks(from, signal);
  const tracks = [map.picture?.track, map.sound].filter((track) => track !== undefined);
  const placed = fragmentOrder(tracks);
  if (placed.length === 0) throw new ServiceError('not-exact', `${map.name} has no fragments`);
  const init = withoutEmptyEdits(map.init);
  const indexed = tracks.filter(({ fragments }) => fragments.length > 0 && fragments.length <= MOST_REFERENCES);
  const [source, target] = [await open(from, 'r'), await open(to, 'wx')];
  try {
    await target.write(Buffer.concat([init, ...indexes(indexed, placed)]));
    for (const [i, { track, fragment }] of placed.entries()) {
      signal.throwIfAborted();
      const laterTicks = Math.round(track.emptySeconds * track.timescale);
      await copyFragment(source, target, fragment, { laterTicks, sequence: i + 1 });
    }
  } finally {
    await source.close();
    await target.close();
  }
}

/** Returns the indexes, the picture's first. The first offset of each counts the indexes behind it. */
function indexes(tracks: readonly FragmentedTrack[], placed: readonly PlacedFragment[]): readonly Buffer[] {
  let total = 0;
  const offsets = placed.map(({ fragment }) => {
    total += fragment.end - fragment.start;
    return total - (fragment.end - fragment.start);
  });
  const bytesBehind = (i: number) =>
    tracks.slice(i + 1).reduce((sum, { fragments }) => sum + indexBytes(fragments.length), 0);
  return tracks.map((track, i) => indexBox(trackIndex(track, { placed, offsets, total, behind: bytesBehind(i) })));
}

type FragmentLayout = {
  readonly placed: readonly PlacedFragment[];
  /** Where each fragment begins, in bytes from the first one. */
  readonly offsets: readonly number[];
  readonly total: number;
  /** Bytes of the indexes behind this one. */
  readonly behind: number;
};

/** Returns a track's index. A reference reaches from a fragment to the next one of the track, since references are contiguous. */
function trackIndex(track: FragmentedTrack, { placed, offsets, total, behind }: FragmentLayout): TrackIndex {
  const own = placed.flatMap((each, i) => (each.track === track ? [{ ...each, start: offsets[i] ?? 0 }] : []));
  const ticksOf = (seconds: number) => Math.round((seconds + track.emptySeconds) * track.timescale);
  const first = own[0];
  return {
    track: track.id,
    timescale: track.timescale,
    earliestTicks: Math.max(0, ticksOf(first?.fragment.shown.from ?? 0)),
    firstOffset: behind + (first?.start ?? 0),
    references: own.map(({ fragment, start }, i) => {
      const next = own[i + 1];
      const until = ticksOf(next?.fragment.shown.from ?? fragment.shown.to);
      return {
        bytes: (next?.start ?? total) - start,
        ticks: Math.max(0, until - ticksOf(fragment.shown.from)),
        startsWithAccessPoint: fragment.keyframe,
      };
    }),
  };
}

const CHUNK_BYTES = 1 << 20;

async function copyFragment(
  source: FileHandle,
  target: FileHandle,
  { start, end }: { readonly start: number; readonly end: number },
  { laterTicks, sequence }: { readonly laterTicks: number; readonly sequence: number },
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start));
  for (let at = start; at < end; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) throw new Error(`${end - at} bytes of a fragment are not there`);
    const bytes = buffer.subarray(0, bytesRead);
    if (at === start) renumber(bytes, laterTicks, sequence);
    await target.write(bytes);
    at += bytesRead;
  }
}

/** Sets a fragment's number and moves its time (mfhd, tfdt: ISO/IEC 14496-12 8.8.5, 8.8.12). The bytes must hold its whole `moof`. */
function renumber(bytes: Buffer, laterTicks: number, sequence: number): void {
  const moof = boxHeader(bytes, 0, bytes.length);
  if (moof?.type !== 'moof' || moof.end > bytes.length) throw new Error('a fragment begins without a whole moof');
  const header = boxByPath(bytes, moof, 'mfhd');
  if (header) bytes.writeUInt32BE(sequence, header.body + 4);
  const time = boxByPath(bytes, moof, 'traf', 'tfdt');
  if (!time || laterTicks === 0) return;
  const at = time.body + 4;
  if (bytes[time.body] === 1) bytes.writeBigUInt64BE(bytes.readBigUInt64BE(at) + BigInt(laterTicks), at);
  else bytes.writeUInt32BE(bytes.readUInt32BE(at) + laterTicks, at);
}
