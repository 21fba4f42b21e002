import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../process/write-failure.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * What changes bytes of a file in place, and returns how many of them it is done with; the others are given again with what follows
 * them. `from` is where the first of them lies in the file.
 */
export type Rewriter = (bytes: Buffer, from: number, isEnd: boolean) => number;

/** Copies a file and changes bytes on the way. Its length stays. Throws `interrupted`, and `cannot-write` where the disk takes no more. */
export async function rewriteFile(
  { path, output }: { readonly path: string; readonly output: string },
  rewrite: Rewriter,
  signal: AbortSignal,
): Promise<void> {
  async function* rewritten(chunks: AsyncIterable<Buffer>) {
    let rest: Buffer = Buffer.alloc(0);
    let at = 0;
    const next = (bytes: Buffer, isEnd: boolean) => {
      const done = rewrite(bytes, at, isEnd);
      rest = bytes.subarray(done);
      at += done;
      return bytes.subarray(0, done);
    };
    for await (const chunk of chunks) yield next(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), false);
    yield next(rest, true);
    yield rest;
  }
  try {
    const from = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    await writeFailure(pipeline(from, rewritten, createWriteStream(output), { signal }), output);
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while copying', {}, { cause: error });
    throw error;
  }
}
