import { createHash } from 'node:crypto';
import { access, type FileHandle, open, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { dropSettingsKey } from '../../core/job/drop.ts';
import type { OpenUpload, PartStore } from '../../core/ports/part-store.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { type PartThere, partRange } from '../../core/upload/plan-parts.ts';
import { makeFolder } from '../shared/make-folder.ts';
import { folderStore } from './folder-store.ts';
import { inTurns } from './in-turns.ts';
import { addToPartList, readPartList, takenBack } from './part-list.ts';
import { putNew } from './put-new.ts';
import { partAddress } from './signed-parts.ts';

/** A part of which the address was found right. */
type ArrivingPart = PartThere & {
  readonly reference: string;
  /** Where its first byte is in the file. */
  readonly start: number;
  readonly body: AsyncIterable<Uint8Array>;
};

export type PartFiles = PartStore & {
  /** Takes the bytes of a part. Throws `bad-input` for other bytes than its checksum's, and `busy` if the line breaks. */
  receive(part: ArrivingPart): Promise<void>;
};

/**
 * Uploads in a folder, which become files below `root`. All parts of an upload go into one file, each at its place, so that completing it is one renaming. A
 * list beside it names the parts that arrived whole; a part is taken off the list before it is written again, so that one
 * of which half was written is never taken for a whole one.
 */
export function partFiles(folder: string, secret: Uint8Array, root: string): PartFiles {
  const store = folderStore(root);
  const dataOf = (reference: string) => join(folder, `${reference}.bytes`);
  const listOf = (reference: string) => join(folder, `${reference}.parts`);
  /** Different parts may arrive at the same time; one part twice, as from two tabs, is taken one after the other. */
  const inTurn = inTurns();
  const arriving = new Map<string, Set<Promise<void>>>();
  const ending = new Set<string>();

  async function there(reference: string): Promise<Map<number, PartThere> | undefined> {
    const isThere = await access(dataOf(reference)).then(
      () => true,
      () => false,
    );
    return isThere ? await readPartList(listOf(reference)) : undefined;
  }

  async function take(part: ArrivingPart): Promise<void> {
    const { reference, number, bytes, checksum, body } = part;
    const parts = await there(reference);
    if (!parts) throw new ServiceError('no-input', 'the upload of this part has ended; begin it again');
    const before = parts.get(number);
    if (before?.checksum === checksum) return skip(body); // it came twice: from two tabs, or because an answer was lost
    if (before) await addToPartList(listOf(reference), takenBack(number));
    const data = await open(dataOf(reference), 'r+');
    try {
      const found = await writePart(data, part);
      if (found !== checksum)
        throw new ServiceError(
          'bad-input',
          `part ${number} has the checksum ${found} and not ${checksum}; send it again`,
        );
      await data.datasync();
    } finally {
      await data.close();
    }
    await addToPartList(listOf(reference), { number, bytes, checksum });
  }

  /** Waits for the parts that are arriving, and lets no other begin. */
  async function alone(reference: string, work: () => Promise<void>): Promise<void> {
    if (ending.has(reference)) throw new ServiceError('busy', 'another page is completing this upload; look again');
    ending.add(reference);
    try {
      await Promise.allSettled(arriving.get(reference) ?? []);
      await work();
    } catch (error) {
      throw writeFailure(error, reference);
    } finally {
      ending.delete(reference);
    }
  }

  async function forget(reference: string): Promise<void> {
    await rm(listOf(reference), { force: true });
    await rm(dataOf(reference), { force: true });
  }

  async function publish({ reference, key, settings, modifiedMs }: OpenUpload): Promise<void> {
    if ((await there(reference)) === undefined)
      throw new ServiceError('no-input', `the parts of ${JSON.stringify(key)} are gone; begin its upload again`);
    if (await store.head(key))
      throw new ServiceError('bad-input', `${JSON.stringify(key)} is there already; give the file another name`);
    if (Object.keys(settings).length > 0)
      await store.write(dropSettingsKey(key), `${JSON.stringify({ settings })}\n`, 'application/json');
    await putNew(root, key, { path: dataOf(reference), modifiedMs });
    await forget(reference);
  }

  return {
    async begin({ id, plan: { bytes } }) {
      try {
        await makeFolder(folder);
        await refuseWithoutRoom(folder, bytes);
        await writeFile(listOf(id), '', { flag: 'wx' });
        await writeFile(dataOf(id), '', { flag: 'wx' });
        return id;
      } catch (error) {
        throw writeFailure(error, folder);
      }
    },
    async parts({ reference }) {
      const parts = await there(reference);
      return parts && [...parts.values()].sort((a, b) => a.number - b.number);
    },
    async sign({ reference, plan }, part, expiresMs) {
      const { start } = partRange(plan, part.number);
      return partAddress(secret, { ...part, start, reference, expiresMs });
    },
    // two uploads of one name are completed one after the other, so that each has its own settings
    complete: (upload) => alone(upload.reference, () => inTurn(`key ${upload.key}`, () => publish(upload))),
    abort: ({ reference }) => alone(reference, () => forget(reference)),
    async receive(part) {
      const { reference, number } = part;
      if (ending.has(reference))
        throw new ServiceError('busy', 'this upload is being completed; it takes no more parts');
      const others = arriving.get(reference) ?? new Set();
      arriving.set(reference, others);
      const work = inTurn(`${reference} ${number}`, () => take(part)).catch((error: unknown) => {
        throw BROKEN_LINE.includes(codeOf(error) ?? '') ? brokenLine(number) : writeFailure(error, reference);
      });
      others.add(work);
      try {
        await work;
      } finally {
        others.delete(work);
        if (others.size === 0) arriving.delete(reference);
      }
    },
  };
}

const BROKEN_LINE: readonly string[] = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ABORT_ERR'];
const brokenLine = (number: number) =>
  new ServiceError('busy', `the line broke while part ${number} was arriving; send it again`);

/** Throws `disk-full` before a byte is sent, if the disk cannot hold the file. */
async function refuseWithoutRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new ServiceError(
    'disk-full',
    `the file has ${formatBytes(bytes)}, and the disk has ${formatBytes(bavail * bsize)} left; make room first`,
  );
}

/** Writes a part at its place, and returns its checksum. Throws `bad-input` for too many or too few bytes. */
async function writePart(
  data: FileHandle,
  { number, bytes, start, body }: Omit<ArrivingPart, 'checksum' | 'reference'>,
): Promise<string> {
  const hash = createHash('sha256');
  let at = 0;
  for await (const chunk of body) {
    if (at + chunk.length > bytes) throw wrongLength(number, bytes, 'more');
    hash.update(chunk);
    await data.write(chunk, 0, chunk.length, start + at);
    at += chunk.length;
  }
  if (at < bytes) throw wrongLength(number, bytes, `${at}`);
  return hash.digest('base64');
}

const wrongLength = (number: number, bytes: number, had: string) =>
  new ServiceError('bad-input', `part ${number} has to have ${bytes} bytes, and ${had} arrived; send it again`);

async function skip(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body); // the answer is sent when all is read
}
