import type { Rational } from '../../core/units.ts';
import { ByteReader, malformed } from './byte-reader.ts';
import { parseSoundHeader } from './nut-header.ts';
import { nextFrameHead, readNutHeaders } from './read-nut-frames.ts';

/** Samples of all channels in turn, 32 bits each. */
export type SoundBlock = {
  /** The time of the first sample, in ticks of timeBase. */
  readonly pts: number;
  readonly timeBase: Rational;
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Int32Array;
};

/** One decoder's frame is some thousand samples; a packet of PCM may be a second of many channels. */
const MOST_BLOCK_BYTES = 256 << 20;

/** The sound that `ffmpeg -c:a pcm_s32le -f nut pipe:1` writes, block by block, each with its time. Throws `bad-input`. */
export async function* readNutSound(stream: AsyncIterable<Uint8Array>): AsyncGenerator<SoundBlock, void, undefined> {
  const reader = new ByteReader(stream);
  try {
    if (await reader.atEnd()) return; // of a sound without a sample ffmpeg writes nothing at all
    const { main, stream: sound } = await readNutHeaders(reader, parseSoundHeader);
    const { timeBase, sampleRate, channels } = sound;
    const clock = { main, stream: sound, lastPts: 0 };
    for (;;) {
      const head = await nextFrameHead(reader, clock);
      if (!head) return;
      if (head.size > MOST_BLOCK_BYTES || head.size % (4 * channels) !== 0)
        throw malformed(`${head.size} bytes of sound in one block of ${channels} channels`);
      const data = new Uint8Array(head.size);
      data.set(head.elided);
      await reader.fill(data, head.elided.length);
      yield { pts: head.pts, timeBase, sampleRate, channels, samples: new Int32Array(data.buffer) };
    }
  } finally {
    await reader.close();
  }
}
