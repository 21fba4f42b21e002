import type { ByteSource } from './byte-source.ts';

/** A RIFF chunk, whose size is a little-endian 32-bit number. `form` is the type that begins the data of RIFF and LIST chunks. */
export type RiffChunk = {
  readonly id: string;
  readonly form: string;
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
};

/** A chunk's header is its name and its size. */
export const CHUNK_HEADER_BYTES = 8;

/** Reads the header of the chunk at a byte; undefined where fewer bytes than a header are left. */
export async function chunkAt(source: ByteSource, at: number): Promise<RiffChunk | undefined> {
  const head = await source.read(at, 12);
  if (head.length < CHUNK_HEADER_BYTES) return undefined;
  const dataStart = at + CHUNK_HEADER_BYTES;
  const id = head.toString('latin1', 0, 4);
  const form = id === 'RIFF' || id === 'LIST' ? head.toString('latin1', 8) : '';
  return { id, form, start: at, dataStart, end: dataStart + head.readUInt32LE(4) };
}

/** Returns where the next chunk begins. Chunks begin at even offsets, so one byte of padding follows an odd length. */
export const nextOf = ({ dataStart, end }: RiffChunk): number => end + ((end - dataStart) % 2);

/** Yields the chunks of a list, up to the first one that does not lie inside it. */
export async function* chunksIn(source: ByteSource, list: RiffChunk): AsyncGenerator<RiffChunk> {
  let at = list.dataStart + 4;
  while (at + CHUNK_HEADER_BYTES <= list.end) {
    const chunk = await chunkAt(source, at);
    if (!chunk || chunk.end > list.end) return;
    yield chunk;
    at = nextOf(chunk);
  }
}
