import { type ByteRange, mergedRanges, rangesWithout } from '../../core/bytes/byte-ranges.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { PartFile } from '../../core/ports/object-store.ts';
import { segmentPackets } from '../../core/segments/segments.ts';
import {
  areThePackets,
  packetsRead,
  type SegmentNeed,
  sourceParts,
  voidsBetween,
  withoutIndexes,
} from '../../core/segments/source-parts.ts';
import { pieceTask } from '../encode/encode-segments.ts';
import { keyContext } from '../encode/key-context.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';
import type { KnownSource } from './planned-film.ts';

type Fetching = { readonly planned: KnownSource; readonly file: PartFile; readonly work: RenditionWork };

/** So little is read along rather than asked for around. What lies between the packets of a picture is mostly sound. */
const GAP_BYTES = 64 * 1024;

/**
 * Fetches what the missing pieces of these drafts are made of. Then ffmpeg opens the file and reads the packets of each segment
 * as it will for the encode, and what it finds is compared with what the plan step found in the whole file: a part that is not
 * there never becomes a picture. Where it differs, more is fetched, and at last all.
 */
export async function fetchNeeded(drafts: readonly Draft[], fetching: Fetching): Promise<void> {
  const { planned, file } = fetching;
  const { film } = planned;
  const needs = await needsOf(drafts, fetching);
  if (needs.length === 0) return;
  let had: readonly ByteRange[] = [];
  const indexes = withoutIndexes(film);
  for (const wider of [0, 1] as const) {
    const packets = needs.map((need) => packetsRead(need, film, wider));
    const wanted = sourceParts(film, packets, GAP_BYTES);
    if (wanted[0]?.end === film.bytes && wanted[0].start === 0) break;
    await file.fill([...rangesWithout(wanted, had), ...voidsBetween(film, wanted)]);
    await file.fill(indexes);
    had = wanted;
    if (await readsAsPlanned(needs, wider, fetching)) return;
  }
  const missing = rangesWithout([{ start: 0, end: film.bytes }], had);
  await file.fill(had.length > 0 ? mergedRanges([...missing, ...indexes], film.bytes, GAP_BYTES) : missing);
}

/** What the pieces that are not cached yet need, by the packets of the source. */
async function needsOf(drafts: readonly Draft[], { work }: Fetching): Promise<readonly SegmentNeed[]> {
  const needs: SegmentNeed[] = [];
  for (const draft of drafts) {
    const { index, cut } = draft.source;
    const packets = segmentPackets(index, cut, keyContext(draft));
    const there = await piecesThere(draft.segments, work.ports.cache);
    for (const [i, segment] of draft.segments.entries()) {
      const needed = packets[cut.ranges.findIndex(({ start }) => start === segment.start)];
      if (there[i] || !needed) continue;
      const { seekSeconds, frames } = pieceTask(segment, draft).window;
      needs.push({ packets: frames === undefined ? { ...needed, end: index.count } : needed, seekSeconds });
    }
  }
  return needs;
}

/** Whether ffmpeg finds in the fetched parts what it found in the whole file. */
export async function readsAsPlanned(
  needs: readonly SegmentNeed[],
  wider: 0 | 1,
  { planned, file, work }: Omit<Fetching, 'work'> & { readonly work: Pick<RenditionWork, 'ports' | 'tracking'> },
): Promise<boolean> {
  const { film, facts } = planned;
  const { reader } = work.ports;
  const { signal } = work.tracking;
  const source: Source = { path: file.path, probe: facts.probe, stream: facts.main.index };
  const found = async () => {
    if ((await reader.description(source, signal)) !== film.map.description) return false;
    for (const need of needs) {
      const read = packetsRead(need, film, wider);
      const { seekSeconds } = need;
      const packets = read.end - read.first;
      const hashes = await reader.packetHashes({ source, seekSeconds, packets }, signal);
      if (!areThePackets(hashes, read, need.packets, film.index)) return false;
    }
    return true;
  };
  try {
    return await found();
  } catch (error) {
    // a program that cannot read the file says the same as packets that are not the right ones
    if (error instanceof ServiceError && error.code === 'bad-input') return false;
    throw error;
  }
}
