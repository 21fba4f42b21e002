import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { codecOf } from '../../core/codecs/index.ts';
import { hasBeside } from '../../core/encode/encode-args.ts';
import { parseRational } from '../../core/units.ts';
import { packetWriter } from '../nut/nut-writer.ts';
import { type NutPacket, readNutPackets } from '../nut/read-nut-packets.ts';
import { packHapQAlpha } from './hap-q-alpha.ts';

/** The file of a second encoder's packets, beside the piece; undefined for codecs without one. */
export const besidePath = (spec: EncodeSpec, output: string): string | undefined =>
  hasBeside(spec) ? `${output}.beside` : undefined;

/** Packs the packets of both encoders into one piece at `output`, and removes the second file. Does nothing for other codecs. */
export async function packBeside(spec: EncodeSpec, output: string, signal: AbortSignal): Promise<void> {
  const beside = besidePath(spec, output);
  if (beside === undefined || spec.codec !== 'hap') return;
  const packed = `${output}.packed`;
  try {
    const pairs = inPairs(readNutPackets(createReadStream(output)), readNutPackets(createReadStream(beside)));
    await pipeline(Readable.from(packedChunks(spec, pairs)), createWriteStream(packed), { signal });
    await rename(packed, output);
  } finally {
    await rm(beside, { force: true });
    await rm(packed, { force: true });
  }
}

async function* packedChunks(
  spec: Extract<EncodeSpec, { codec: 'hap' }>,
  pairs: AsyncIterable<readonly [NutPacket, NutPacket]>,
): AsyncGenerator<Uint8Array> {
  let writer: ReturnType<typeof packetWriter> | undefined;
  for await (const [colour, alpha] of pairs) {
    if (!writer) {
      writer = packetWriter({
        ...colour,
        codecTag: Buffer.from(codecOf(spec).tag, 'latin1').readUInt32LE(0),
        frameRate: parseRational(spec.frameRate),
      });
      yield writer.header;
    }
    const data = packHapQAlpha(colour.data, alpha.data, spec.chunks);
    yield writer.frameHead(colour.pts, data);
    yield data;
  }
}

/** Both encoders got the same frames, so a difference between their packets is a bug. */
async function* inPairs(
  first: AsyncGenerator<NutPacket>,
  second: AsyncGenerator<NutPacket>,
): AsyncGenerator<readonly [NutPacket, NutPacket]> {
  for await (const one of first) {
    const other = (await second.next()).value;
    if (!other || other.pts !== one.pts) throw new Error(`no second packet at ${one.pts}`);
    yield [one, other];
  }
  if (!(await second.next()).done) throw new Error('more packets of the second encoder than of the first');
}
