import { idBytesOf } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementAt } from './ebml-elements.ts';
import { truncated } from './refusals.ts';

const CLUSTER_ID = idBytesOf(MKV.Cluster);

/** Elements inside a Cluster, or beside it, since a Cluster of unknown size ends where the next element begins (RFC 9559 section 5). */
const INSIDE_OR_BESIDE: ReadonlySet<number> = new Set([
  ...[MKV.ClusterTimestamp, MKV.SilentTracks, MKV.Position, MKV.PrevSize],
  ...[MKV.SimpleBlock, MKV.BlockGroup, MKV.EncryptedBlock, MKV.Void, MKV.CRC32],
  ...[MKV.Cluster, MKV.SeekHead, MKV.Info, MKV.Tracks, MKV.Cues, MKV.Attachments, MKV.Chapters, MKV.Tags],
]);

const EBML_ID = idBytesOf(MKV.EBML);
const SEARCHED_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;
const HEADER_BYTES = 64;

/**
 * Returns where another Matroska or WebM begins behind the first cluster of a Segment of unknown size, as far as the file is searched;
 * undefined where none does.
 */
export async function otherHeader(source: ByteSource, first: EbmlElement): Promise<number | undefined> {
  const end = Math.min(source.size, first.start + SEARCHED_BYTES);
  for (let from = first.start; from < end; from += BLOCK_BYTES) {
    const bytes = await source.read(from, BLOCK_BYTES + HEADER_BYTES);
    for (let at = bytes.indexOf(EBML_ID); at >= 0; at = bytes.indexOf(EBML_ID, at + 1)) {
      const names = bytes.subarray(at, at + HEADER_BYTES).toString('latin1');
      if (/matroska|webm/.test(names)) return from + at;
    }
  }
  return undefined;
}

const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * Whether clusters of unknown size lead to the end of the file, followed block by block from a cluster in the last 4 MiB, so
 * that a long file is not read whole. Throws `truncated` where the last block is cut.
 */
export async function openClustersReachEnd(source: ByteSource, first: EbmlElement): Promise<boolean> {
  for await (const start of clusterCandidates(source, first)) {
    const reached = await followBlocks(source, start);
    if (reached.kind === 'end') return true;
    if (reached.kind === 'cut') throw truncated(source, reached.how);
  }
  return false;
}

async function* clusterCandidates(source: ByteSource, first: EbmlElement): AsyncGenerator<number> {
  const from = Math.max(first.start, source.size - TAIL_BYTES);
  if (from === first.start) yield first.start;
  const tail = await source.read(from, source.size - from);
  for (let at = tail.indexOf(CLUSTER_ID); at >= 0; at = tail.indexOf(CLUSTER_ID, at + 1)) {
    if (from + at !== first.start) yield from + at;
  }
}

type ClusterWalk =
  | { readonly kind: 'end' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'cut'; readonly how: string };

/** Follows elements from `start`: it enters clusters of unknown size and skips everything else. */
async function followBlocks(source: ByteSource, start: number): Promise<ClusterWalk> {
  let at = start;
  let followed = 0;
  while (at < source.size) {
    const element = await elementAt(source, at, source.size);
    if (!element) return source.size - at < 12 && followed > 0 ? cutAt(source, at) : { kind: 'lost' };
    if (!INSIDE_OR_BESIDE.has(element.id)) return { kind: 'lost' };
    if (element.end > source.size) return followed > 0 ? cutAt(source, at) : { kind: 'lost' };
    at = element.open ? element.dataStart : element.end;
    followed += 1;
  }
  return { kind: 'end' };
}

const cutAt = (source: ByteSource, at: number): ClusterWalk => ({
  kind: 'cut',
  how: `its last block begins at byte ${at} and is not all there (the file ends at byte ${source.size})`,
});
