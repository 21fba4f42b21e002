import { MKV } from '../../core/film/matroska-ids.ts';
import type { ByteSource } from './byte-source.ts';
import { type EbmlElement, elementsOf } from './ebml-elements.ts';

/** What lies beside packets lies beside the first ones, too: a cluster has some hundred blocks. */
const MOST_BLOCKS = 2000;

/** Returns the numbers of the tracks that have additions beside packets in a cluster. */
export async function tracksWithAdditions(source: ByteSource, cluster: EbmlElement): Promise<ReadonlySet<number>> {
  const numbers = new Set<number>();
  let seen = 0;
  for await (const group of elementsOf(source, cluster)) {
    if (++seen > MOST_BLOCKS || group.end > source.size) break;
    if (group.id !== MKV.BlockGroup) continue;
    let [number, hasAdditions] = [0, false];
    for await (const field of elementsOf(source, group)) {
      if (field.id === MKV.BlockAdditions) hasAdditions = true;
      if (field.id === MKV.Block) number = numberIn(await source.read(field.dataStart, NUMBER_BYTES));
    }
    if (hasAdditions) numbers.add(number);
  }
  return numbers;
}

const NUMBER_BYTES = 2;

/** The number of a track is a variable-size integer, of a byte up to 126 and of two up to 16,382. */
const numberIn = (head: Buffer): number => {
  const first = head[0] ?? 0;
  return first >= 0x80 ? first & 0x7f : first >= 0x40 ? ((first & 0x3f) << 8) | (head[1] ?? 0) : 0;
};
