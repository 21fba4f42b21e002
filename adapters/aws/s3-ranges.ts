import { type FileHandle, statfs } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import type { ByteRange, FilePart } from '../../core/bytes/byte-ranges.ts';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { awsFailure, unless } from './aws-failure.ts';
import type { S3Settings } from './s3-settings.ts';

/** The number of parallel requests. One connection does not use a container's full bandwidth. */
const PARTS_AT_ONCE = 8;
/** How often a part is continued after its connection broke. */
const TRIES = 4;

/** A version of an object. Parts of another version are refused. */
export type ObjectVersion = { readonly key: string; readonly etag: string | undefined; readonly bytes: number };

/** A part of an object, and where it goes in a file. */
export type PlacedPart = FilePart & { readonly at: number };

/** The download of one object to a file. */
type Download = {
  readonly settings: S3Settings;
  readonly version: ObjectVersion;
  readonly file: FileHandle;
  readonly signal: AbortSignal;
};

/**
 * Writes ranges of an object to their places in a file, in parts at the same time. A server that answers with the whole object
 * where a range was asked for is asked for the whole once. Throws `reclaimed` if the object is replaced meanwhile.
 */
export async function fillRanges(download: Download, ranges: readonly PlacedPart[]): Promise<void> {
  const failed = new AbortController();
  const inParts = { ...download, signal: AbortSignal.any([download.signal, failed.signal]) };
  const queue = new PQueue({ concurrency: PARTS_AT_ONCE });
  try {
    const parts = ranges.flatMap((range) => partsOf(range, download.settings.partBytes));
    await Promise.all(parts.map((part) => queue.add(() => fillRange(inParts, part))));
    return;
  } catch (error) {
    if (!(error instanceof NoRanges)) throw error;
  } finally {
    failed.abort(); // stops the other ranges if one failed
    queue.clear();
    await queue.onIdle();
  }
  await fillWhole(download, ranges);
}

/** Throws `disk-full` if so many bytes of an object do not fit into a folder. */
export async function checkRoom(folder: string, key: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new ServiceError('disk-full', `${bytes} bytes of ${key} are needed; ${folder} has room for ${bavail * bsize}`);
}

/** The server answered with all of an object where a range of it was asked for. */
class NoRanges extends Error {}

function partsOf({ start, end, at }: PlacedPart, partBytes: number): readonly PlacedPart[] {
  const starts = Array.from({ length: Math.ceil((end - start) / partBytes) }, (_, i) => start + i * partBytes);
  return starts.map((from) => ({ start: from, end: Math.min(end, from + partBytes), at: at + from - start }));
}

/** Writes one range at its position in the file. If the connection breaks, the rest is requested again. */
async function fillRange(download: Download, { start, end, at }: PlacedPart): Promise<void> {
  const { version, signal } = download;
  let position = start;
  for (let tries = 1; position < end; tries++) {
    try {
      const body = await bodyOf(download, { start: position, end });
      for await (const chunk of body) position += await written(download, chunk, at + position - start);
      if (position < end) throw new ServiceError('busy', `${version.key}: S3 sent less than was asked; try again`);
    } catch (error) {
      if (!mayPass(error, version) || signal.aborted || tries === TRIES) throw failureOf(error, version);
    }
  }
}

/** Reads the whole object, from its beginning again if the connection breaks, and writes what is wanted of it. */
async function fillWhole(download: Download, wanted: readonly PlacedPart[]): Promise<void> {
  const { version, signal } = download;
  for (let tries = 1; ; tries++) {
    try {
      let position = 0;
      for await (const chunk of await bodyOf(download, undefined)) {
        for (const part of within(wanted, position, chunk))
          await written(download, chunk.subarray(part.start - position, part.end - position), part.at);
        position += chunk.length;
      }
      if (position === version.bytes) return;
      throw new ServiceError('busy', `${version.key}: S3 sent ${position} bytes of ${version.bytes}; try again`);
    } catch (error) {
      if (!mayPass(error, version) || signal.aborted || tries === TRIES) throw failureOf(error, version);
    }
  }
}

/** What a chunk at this position of the object holds of the parts. */
function within(wanted: readonly PlacedPart[], position: number, chunk: Buffer): readonly PlacedPart[] {
  return wanted.flatMap(({ start, end, at }) => {
    const [from, to] = [Math.max(start, position), Math.min(end, position + chunk.length)];
    return from < to ? [{ start: from, end: to, at: at + from - start }] : [];
  });
}

async function written({ file, version }: Download, chunk: Buffer, position: number): Promise<number> {
  await file.write(chunk, 0, chunk.length, position).catch((error: unknown) => {
    throw writeFailure(error, version.key); // the room that was there may have been taken by others meanwhile
  });
  return chunk.length;
}

const failureOf = (error: unknown, { key }: ObjectVersion) =>
  error instanceof NoRanges ? error : awsFailure(error, `fetch ${key}`);

function mayPass(error: unknown, version: ObjectVersion): boolean {
  const failure = failureOf(error, version);
  return failure instanceof ServiceError && failure.code === 'busy';
}

async function bodyOf(
  { settings, version, signal }: Download,
  range: ByteRange | undefined,
): Promise<AsyncIterable<Buffer>> {
  const at = { Bucket: settings.bucket, Key: version.key, IfMatch: version.etag };
  const Range = range && `bytes=${range.start}-${range.end - 1}`;
  const command = new GetObjectCommand({ ...at, ...(Range !== undefined && { Range }) });
  const own = AbortSignal.any([signal]); // the listeners of all requests on one signal would be more than node takes for sound
  const answer = await unless('PreconditionFailed', settings.client.send(command, { abortSignal: own }));
  if (!answer) throw new ServiceError('reclaimed', `${version.key} was replaced while it was read; try again`);
  if (!(answer.Body instanceof Readable)) throw new Error(`S3 gave no stream for ${version.key}`);
  if (range && !answer.ContentRange?.startsWith(`bytes ${range.start}-`)) {
    answer.Body.destroy();
    throw new NoRanges();
  }
  return addAbortSignal(own, answer.Body);
}
