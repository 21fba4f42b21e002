import { createReadStream } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';
import type { Family } from './families.ts';

/** A sound tag of an FLV: the number of its codec, what its body begins with behind that, and its time. */
type SoundTag = { readonly codec: number; readonly begins: Buffer; readonly seconds: number };

const HEADER_BYTES = 9;
const SIZE_BYTES = 4;
const TAG_HEADER_BYTES = 11;
const SOUND = 8;
/** The kind of the tag and a description of AAC are within so many bytes. */
const BEGIN_BYTES = 16;

/** Returns the numbers of the codecs that the sound of an FLV has, and when each comes first; none of any other file. */
export async function flvSoundCodecs(
  path: string,
  family: Family,
  signal: AbortSignal,
): Promise<readonly Pick<SoundTag, 'codec' | 'seconds'>[]> {
  if (family !== 'flv') return [];
  const codecs = new Map<number, number>();
  for await (const { codec, seconds } of flvSounds(path, signal)) if (!codecs.has(codec)) codecs.set(codec, seconds);
  return [...codecs].map(([codec, seconds]) => ({ codec, seconds }));
}

/** Yields the sound tags of an FLV (FLV 10.1, E.4.2) in order, up to the first bytes that are no tag. Throws `interrupted`. */
export async function* flvSounds(path: string, signal: AbortSignal): AsyncGenerator<SoundTag> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = HEADER_BYTES + SIZE_BYTES;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while reading the sound');
    const bytes: Buffer = Buffer.concat([rest, chunk]);
    let at = Math.min(skip, bytes.length);
    skip -= at;
    while (skip === 0 && at + TAG_HEADER_BYTES + BEGIN_BYTES <= bytes.length) {
      const kind = bytes.readUInt8(at) & 0x1f;
      if (kind !== SOUND && kind !== 9 && kind !== 18) return;
      const length = bytes.readUIntBE(at + 1, 3);
      const body = at + TAG_HEADER_BYTES;
      if (kind === SOUND && length > 1)
        yield {
          codec: bytes.readUInt8(body) >> 4,
          begins: bytes.subarray(body + 1, body + Math.min(length, BEGIN_BYTES)),
          seconds: (bytes.readUInt8(at + 7) * 2 ** 24 + bytes.readUIntBE(at + 4, 3)) / 1000,
        };
      const end = body + length + SIZE_BYTES;
      skip = Math.max(0, end - bytes.length);
      at = Math.min(end, bytes.length);
    }
    rest = bytes.subarray(at);
  }
}
