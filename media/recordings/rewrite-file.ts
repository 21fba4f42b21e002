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

/** Hands all bytes of a file to `read`, which returns how many it is done with, as a rewriter does; undefined if it wants no more. */
export async function readThrough(
  path: string,
  read: (bytes: Buffer, from: number, isEnd: boolean) => number | undefined,
  signal: AbortSignal,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while reading the recordings');
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const done = read(bytes, at, false);
    if (done === undefined) return;
    rest = bytes.subarray(done);
    at += done;
  }
  read(rest, at, true);
}

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
