import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../process/write-failure.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * What changes bytes of a file in place, and returns how many of them it is done with, and what is written for these where it is not as long; the
 * others are given again with what follows them. `from` is where the first of them lies in the file.
 */
type Rewriter = (
  bytes: Buffer,
  from: number,
  isEnd: boolean,
) => number | { readonly done: number; readonly output: Buffer };

/** How recordings in one file are rewritten as one, and what people are told of it, if they are. */
export type Joining = { readonly told?: string; readonly rewrite: Rewriter };

/** Copies a file and changes bytes on the way. Throws `interrupted`, and `cannot-write` where the disk takes no more. */
export async function rewriteFile(
  { path, output }: { readonly path: string; readonly output: string },
  rewrite: Rewriter,
  signal: AbortSignal,
): Promise<void> {
  async function* rewritten(chunks: AsyncIterable<Buffer>) {
    let rest: Buffer = Buffer.alloc(0);
    let at = 0;
    const next = (bytes: Buffer, isEnd: boolean) => {
      const rewritten = rewrite(bytes, at, isEnd);
      const done = typeof rewritten === 'number' ? rewritten : rewritten.done;
      rest = bytes.subarray(done);
      at += done;
      return typeof rewritten === 'number' ? bytes.subarray(0, done) : rewritten.output;
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
