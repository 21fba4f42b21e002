import type { Rational } from '../../core/units.ts';
import { ByteReader } from './byte-reader.ts';
import { parseStreamHeader } from './nut-header.ts';
import { nextFrameHead, readNutHeaders } from './read-nut-frames.ts';

/**
 * Returns the presentation times of all packets of one picture in NUT, in the order of the file and in ticks of
 * `timeBase`, whatever its codec is. No packet is decoded. A file without any packet has none. Throws `bad-input`.
 */
export async function readNutTimes(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ readonly pts: readonly number[]; readonly timeBase: Rational }> {
  const reader = new ByteReader(stream);
  const pts: number[] = [];
  try {
    if (await reader.atEnd()) return { pts, timeBase: { num: 1, den: 1 } };
    const { main, stream: picture } = await readNutHeaders(reader, parseStreamHeader);
    const clock = { main, stream: picture, lastPts: 0 };
    for (;;) {
      const head = await nextFrameHead(reader, clock);
      if (!head) return { pts, timeBase: picture.timeBase };
      await reader.skip(head.size - head.elided.length);
      pts.push(head.pts);
    }
  } finally {
    await reader.close();
  }
}

/** Returns the time base of the only picture in NUT, of which no more than the headers are read. Throws `bad-input`. */
export async function readNutTimeBase(stream: AsyncIterable<Uint8Array>): Promise<Rational> {
  const reader = new ByteReader(stream);
  try {
    return (await readNutHeaders(reader, parseStreamHeader)).stream.timeBase;
  } finally {
    await reader.close();
  }
}
