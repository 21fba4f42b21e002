import { randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { Spool } from '../../core/film/frame-columns.ts';
import { readFailure, writeFailure } from '../../core/system-failure.ts';

/** Reads up to this size share their memory: V8 collects memory outside of its heap late, and thousands of them would lie there. */
const SHARED_BYTES = 1 << 20;

/**
 * Returns a spool in a file of this folder, which begins with the first bytes that are added. Bytes are read at once, because whoever
 * computes with them has no use for anything else meanwhile.
 */
export function spoolFile(folder: string): Spool {
  const path = join(folder, `spool-${randomUUID()}`);
  let shared: Uint8Array | undefined;
  const memoryFor = (length: number) => {
    if (length > SHARED_BYTES) return new Uint8Array(length);
    shared ??= new Uint8Array(SHARED_BYTES);
    return shared.subarray(0, length);
  };
  return {
    append(bytes) {
      try {
        appendFileSync(path, bytes, { mode: 0o600 });
      } catch (error) {
        throw writeFailure(error, path);
      }
    },
    read(firstByte, endByte) {
      try {
        const bytes = memoryFor(endByte - firstByte);
        fill(bytes, path, firstByte);
        return bytes;
      } catch (error) {
        throw readFailure(error, path);
      }
    },
  };
}

function fill(bytes: Uint8Array, path: string, position: number): void {
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, bytes.length - at, position + at);
      if (read === 0) throw new ServiceError('cannot-write', `${path} does not keep what is written to it`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
}
