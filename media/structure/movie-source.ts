import { inflateSync } from 'node:zlib';
import { boxByPath, boxesOf } from '../../core/bytes/boxes.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';
import { boxesIn, childrenOf, type Mp4Box } from './mp4-boxes.ts';

/** Indexes were packed in days of short films; what is larger is not unpacked. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * Opens an MP4 or MOV as `withByteSource` does. A movie box that is packed (`cmov`, QuickTime File Format, "Compressed Movie
 * Resources") stands unpacked behind the file, and its packed bytes are space (`wide`), so that each byte of the file is where it was.
 */
export const withMovieSource = <T>(
  path: string,
  signal: AbortSignal,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> => withByteSource(path, signal, async (source) => use((await unpacked(source)) ?? source));

/** Undefined where nothing is packed, and where it cannot be unpacked. */
async function unpacked(source: ByteSource): Promise<ByteSource | undefined> {
  let moov: Mp4Box | undefined;
  let end = 0;
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type === 'moov' && !moov) {
      if (!(await isPacked(source, box))) return undefined;
      moov = box;
    }
    end = box.end;
  }
  // behind stray bytes no reader would find it
  if (!moov || moov.open || moov.size > MOST_BYTES || end !== source.size) return undefined;
  const whole = inflated(await source.read(moov.start, moov.size));
  return whole && withMovieBehind(source, moov.start + 4, whole);
}

async function isPacked(source: ByteSource, moov: Mp4Box): Promise<boolean> {
  for await (const { type } of childrenOf(source, moov)) return type === 'cmov';
  return false;
}

/** The movie box inside a packed one. */
function inflated(moov: Buffer): Buffer | undefined {
  const [box] = boxesOf(moov, 0, moov.length);
  const [dcom, cmvd] = ['dcom', 'cmvd'].map((type) => box && boxByPath(moov, box, 'cmov', type));
  if (!dcom || !cmvd || moov.toString('latin1', dcom.body, dcom.end) !== 'zlib') return undefined;
  try {
    const found = inflateSync(moov.subarray(cmvd.body + 4, cmvd.end), { maxOutputLength: MOST_BYTES });
    const [whole] = boxesOf(found, 0, found.length);
    return whole?.type === 'moov' ? found.subarray(0, whole.end) : undefined;
  } catch {
    return undefined; // damaged, or larger than that
  }
}

/** A file with a movie box behind it, and with the type at `typeAt` made that of space. */
function withMovieBehind(source: ByteSource, typeAt: number, movie: Buffer): ByteSource {
  return {
    name: source.name,
    size: source.size + movie.length,
    async read(at, length) {
      const own = Buffer.from(await source.read(at, Math.min(length, Math.max(0, source.size - at))));
      const from = at - typeAt;
      if (from > -own.length && from < SPACE.length)
        for (let i = Math.max(0, from); i < SPACE.length && i - from < own.length; i++) own[i - from] = SPACE[i] ?? 0;
      if (at + length <= source.size) return own;
      return Buffer.concat([own, movie.subarray(Math.max(0, at - source.size), at + length - source.size)]);
    },
  };
}

const SPACE = Buffer.from('wide', 'latin1');
