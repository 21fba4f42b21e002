import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../process/write-failure.ts';

const CHUNK = { highWaterMark: 1 << 20 };

/** Copies a file. The copy shares the source's blocks where the file system can; elsewhere copying can be interrupted. */
export async function copyWhole(from: string, to: string, signal: AbortSignal): Promise<void> {
  if (await isCloned(from, to)) return;
  try {
    await writeFailure(pipeline(createReadStream(from, CHUNK), createWriteStream(to, CHUNK), { signal }), to);
  } catch (error) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while copying', {}, { cause: error });
    throw error;
  }
}

const isCloned = (from: string, to: string) =>
  copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
