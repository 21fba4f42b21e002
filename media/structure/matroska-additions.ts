import { MKV } from '../../core/bytes/matroska-ids.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementAt, elementsOf } from './ebml-elements.ts';

/** The most blocks that are looked at in one film, which are those of some minutes: each may be a read of its own from a slow disk. */
const MOST_BLOCKS = 10_000;

/**
 * Returns the numbers of the tracks that have additions beside packets. Of a film with more blocks than are looked at, each cluster is
 * looked at from its beginning, all of them equally far: what lies beside packets mostly lies beside all of them from some time on.
 */
export async function tracksWithAdditions(
  source: ByteSource,
  clusters: readonly EbmlElement[],
): Promise<ReadonlySet<number>> {
  const numbers = new Set<number>();
  let left = MOST_BLOCKS;
  for (const [i, cluster] of clusters.entries()) {
    const share = Math.floor(left / (clusters.length - i));
    left -= await lookAt(source, cluster, { most: Math.max(1, share), numbers });
  }
  return numbers;
}

type Look = { readonly most: number; readonly numbers: Set<number> };

/** Looks at the first blocks of a cluster, and of those behind it where it does not say how long it is. Returns how many it saw. */
async function lookAt(source: ByteSource, cluster: EbmlElement, { most, numbers }: Look): Promise<number> {
  let [at, seen] = [cluster.dataStart, 0];
  while (at < cluster.end && seen < most) {
    const element = await elementAt(source, at, cluster.end);
    if (!element || (element.end > source.size && !element.open)) break;
    at = element.open && element.id === MKV.Cluster ? element.dataStart : element.end;
    if (element.id !== MKV.BlockGroup && element.id !== MKV.SimpleBlock) continue;
    seen += 1;
    if (element.id === MKV.BlockGroup) await addNumber(source, element, numbers);
  }
  return seen;
}

async function addNumber(source: ByteSource, group: EbmlElement, numbers: Set<number>): Promise<void> {
  let [number, hasAdditions] = [0, false];
  for await (const field of elementsOf(source, group)) {
    if (field.id === MKV.BlockAdditions) hasAdditions = true;
    if (field.id === MKV.Block) number = numberIn(await source.read(field.dataStart, NUMBER_BYTES));
  }
  if (hasAdditions) numbers.add(number);
}

const NUMBER_BYTES = 2;

/** The number of a track is a variable-size integer, of a byte up to 126 and of two up to 16,382. */
const numberIn = (head: Buffer): number => {
  const first = head[0] ?? 0;
  return first >= 0x80 ? first & 0x7f : first >= 0x40 ? ((first & 0x3f) << 8) | (head[1] ?? 0) : 0;
};
