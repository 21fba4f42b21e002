import type { Rational } from '../../core/units.ts';
import { ByteReader, malformed } from './byte-reader.ts';
import { parseStreamHeader } from './nut-header.ts';
import { nextFrameHead, readNutHeaders } from './read-nut-frames.ts';

/** A coded picture with its time in ticks of `timeBase`. */
export type NutPacket = {
  readonly pts: number;
  readonly timeBase: Rational;
  readonly width: number;
  readonly height: number;
  readonly sar: Rational | undefined;
  readonly data: Buffer;
};

/** A texture of 16384x16384 in 8 bits a pixel has 256 MB. */
const MOST_PACKET_BYTES = 1 << 30;

/** The packets of a NUT file of one stream of coded pictures, as ffmpeg writes it. Throws `bad-input`. */
export async function* readNutPackets(stream: AsyncIterable<Uint8Array>): AsyncGenerator<NutPacket, void, undefined> {
  const reader = new ByteReader(stream);
  try {
    const { main, stream: video } = await readNutHeaders(reader, parseStreamHeader);
    const { timeBase, width, height, sar } = video;
    const clock = { main, stream: video, lastPts: 0 };
    for (;;) {
      const head = await nextFrameHead(reader, clock);
      if (!head) return;
      if (head.size > MOST_PACKET_BYTES) throw malformed(`a packet of ${head.size} bytes`);
      const data = Buffer.allocUnsafe(head.size);
      data.set(head.elided);
      await reader.fill(data, head.elided.length);
      yield { pts: head.pts, timeBase, width, height, sar, data };
    }
  } finally {
    await reader.close();
  }
}
