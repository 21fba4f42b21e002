import type { ByteRange } from '../../core/bytes/byte-ranges.ts';
import { FIRST_PACKETS, type PacketPlaces } from '../../core/film/file-map.ts';

type PlacedPacket = { readonly stream_index: number; readonly pos?: number | undefined; readonly size: number };

/** The places of this many first packets of each stream are remembered. */
const OF_EACH = 16;
/** Ten days at 240 frames a second, as in core/film/frame-columns.ts; only address space is reserved. */
const MOST_BYTES = 8 * 240 * 86_400 * 10;
const STEP = 1 << 16;

/** Collects where the packets of a file lie, in columns that grow in place. */
export function placeCollector() {
  const positions = numberColumn();
  const sizes = numberColumn();
  const first: ByteRange[] = [];
  const ofEach: ByteRange[] = [];
  const counts = new Map<number, number>();
  return {
    add({ stream_index, pos = Number.NaN, size }: PlacedPacket, isPicture: boolean) {
      const range = { start: pos, end: pos + size };
      if (first.length < FIRST_PACKETS) first.push(range);
      const count = counts.get(stream_index) ?? 0;
      if (count < OF_EACH && !Number.isNaN(pos)) ofEach.push(range);
      counts.set(stream_index, count + 1);
      if (!isPicture) return;
      positions.add(pos);
      sizes.add(size);
    },
    found: (): PacketPlaces => ({ positions: positions.whole(), sizes: sizes.whole(), first, ofEach }),
  };
}

function numberColumn() {
  const bytes = new ArrayBuffer(0, { maxByteLength: MOST_BYTES });
  const column = new Float64Array(bytes);
  let count = 0;
  return {
    add(value: number) {
      if (count === column.length) bytes.resize((count + STEP) * 8);
      column[count++] = value;
    },
    whole() {
      bytes.resize(count * 8);
      return column;
    },
  };
}
