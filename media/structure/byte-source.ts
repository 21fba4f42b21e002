import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { codeOf, systemReason } from '../../core/system-failure.ts';

/** A file that is read in small pieces at any position. */
export type ByteSource = {
  /** The last part of the path for people, quoted and with control characters escaped. */
  readonly name: string;
  /** The file's size in bytes when it was opened. */
  readonly size: number;
  /** Returns the bytes of `[at, at + length)`, or fewer where the file ends before. The result is never overwritten later. */
  read(at: number, length: number): Promise<Buffer>;
};

/** The most that judging one file may read; real files of 40 GB stay far below. */
const MAX_BYTES_READ = 128 * 1024 * 1024;
const MAX_READS = 2_000_000;
const LARGEST_READ = 8 * 1024 * 1024;

const SMALLEST_WINDOW = 256;
const LARGEST_WINDOW = 64 * 1024;

/**
 * Opens a regular file for reading and closes it after `use`. Throws `no-input` for a folder, FIFO or device before opening
 * it, so that nothing blocks and no device is touched.
 */
export async function withByteSource<T>(
  path: string,
  signal: AbortSignal,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const name = shownName(path);
  const handle = await openRegularFile(path, name);
  try {
    const { size } = await handle.stat();
    return await use(byteSource(handle, { name, size }, signal));
  } finally {
    await handle.close();
  }
}

const shownName = (path: string) => JSON.stringify(basename(path)).replace(/[\u007f-\u009f\u2028-\u202e]/g, escaped);

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

async function openRegularFile(path: string, name: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    refuseIrregular(await stat(path), name);
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO may have replaced the file since
    refuseIrregular(await handle.stat(), name);
    return handle;
  } catch (error) {
    await handle?.close();
    if (error instanceof ServiceError) throw error;
    throw new ServiceError('no-input', `${name} cannot be opened: ${reasonOf(error)}`, { path }, { cause: error });
  }
}

function refuseIrregular(file: { isFile(): boolean; isDirectory(): boolean }, name: string): void {
  if (file.isFile()) return;
  const kind = file.isDirectory() ? 'a folder' : 'a pipe, socket or device';
  throw new ServiceError('no-input', `${name} is ${kind}; give a file`);
}

const reasonOf = (error: unknown): string =>
  codeOf(error) === 'ERR_INVALID_ARG_VALUE'
    ? 'its path holds a NUL character'
    : (systemReason(error) ?? codeOf(error) ?? 'unknown error');

/**
 * Reads through one window, which doubles while reads follow each other and shrinks after a jump. A list of boxes that are
 * far apart then costs 256 bytes a box, and a table costs few system calls.
 */
function byteSource(
  handle: FileHandle,
  { name, size }: { name: string; size: number },
  signal: AbortSignal,
): ByteSource {
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  let bytesRead = 0;
  let reads = 0;

  async function fill(at: number, length: number): Promise<void> {
    const gap = at - (windowStart + window.length);
    const ahead = Math.abs(gap) <= window.length ? Math.min(window.length * 2, LARGEST_WINDOW) : SMALLEST_WINDOW;
    const wanted = Math.min(Math.max(length, ahead), size - at);
    bytesRead += wanted;
    if (bytesRead > MAX_BYTES_READ) throw tooIntricate(name);
    window = await readFully(handle, { at, length: wanted, name });
    windowStart = at;
  }

  return {
    name,
    size,
    async read(at, length) {
      if (signal.aborted) {
        throw new ServiceError('interrupted', `reading ${name} was interrupted`, {}, { cause: signal.reason });
      }
      reads += 1;
      if (reads > MAX_READS || length > LARGEST_READ) throw tooIntricate(name);
      const end = Math.min(at + length, size);
      if (!(at >= 0 && end > at)) return Buffer.alloc(0);
      if (at < windowStart || end > windowStart + window.length) await fill(at, end - at);
      return window.subarray(at - windowStart, end - windowStart);
    },
  };
}

async function readFully(
  handle: FileHandle,
  { at, length, name }: { at: number; length: number; name: string },
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled).catch((error: unknown) => {
      throw new ServiceError('no-input', `${name} cannot be read: ${reasonOf(error)}`, { at }, { cause: error });
    });
    if (bytesRead === 0) throw new ServiceError('truncated', `${name} became shorter while it was read; drop it again`);
    filled += bytesRead;
  }
  return buffer;
}

const tooIntricate = (name: string) =>
  new ServiceError('over-limit', `${name} has a structure too intricate to check; remux it into a plain MP4 or MKV`);
