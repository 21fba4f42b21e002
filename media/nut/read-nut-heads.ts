import { toNumber } from '../../core/units.ts';
import { ByteReader } from './byte-reader.ts';
import { parseDataHeader, parseSoundHeader } from './nut-header.ts';
import { nextFrameHead, readNutHeaders } from './read-nut-frames.ts';

/** The first bytes of a packet, and its time in seconds. */
type PacketHead = { readonly seconds: number; readonly bytes: Uint8Array };

/** The first bytes of each packet of a NUT file of one sound or one stream of data, as ffmpeg writes it, of any codec. Throws `bad-input`. */
export async function* readNutHeads(
  stream: AsyncIterable<Uint8Array>,
  most: number,
  kind: keyof typeof HEADERS = 'sound',
): AsyncGenerator<PacketHead, void, undefined> {
  const reader = new ByteReader(stream);
  try {
    if (await reader.atEnd()) return;
    const { main, stream: header } = await readNutHeaders(reader, HEADERS[kind]);
    const clock = { main, stream: header, lastPts: 0 };
    for (;;) {
      const head = await nextFrameHead(reader, clock);
      if (!head) return;
      const bytes = new Uint8Array(Math.max(head.elided.length, Math.min(most, head.size)));
      bytes.set(head.elided);
      await reader.fill(bytes, head.elided.length);
      await reader.skip(head.size - bytes.length);
      yield { seconds: head.pts * toNumber(header.timeBase), bytes };
    }
  } finally {
    await reader.close();
  }
}

const HEADERS = { sound: parseSoundHeader, data: parseDataHeader };
