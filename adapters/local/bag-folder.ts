import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../core/errors.ts';
import { checkKey } from '../../core/object-key.ts';
import { readFailure, writeFailure } from '../../core/system-failure.ts';
import { makeFolder } from '../shared/make-folder.ts';

/**
 * A new folder that is filled under a temporary name beside it, and then gets its own name. Throws `cannot-write` if
 * something lies there already.
 */
export async function bagFolder(folder: string) {
  await refuseUsed(folder);
  const temporary = `${folder}.partial`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await makeFolder(temporary);
  } catch (error) {
    throw writeFailure(error, folder);
  }
  const place = async (path: string) => {
    const at = join(temporary, checkKey(path));
    await makeFolder(dirname(at));
    return at;
  };
  return {
    async add(path: string, from: string, signal: AbortSignal) {
      const hash = createHash('sha256');
      let bytes = 0;
      const hashing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          bytes += chunk.length;
          done(null, chunk);
        },
      });
      const input = createReadStream(from);
      let unread: unknown;
      input.once('error', (error) => {
        unread = error;
      });
      try {
        await pipeline(input, hashing, createWriteStream(await place(path), { flags: 'wx' }), { signal });
      } catch (error) {
        if (signal.aborted) throw new ServiceError('interrupted', 'stopped while the bag was written');
        throw unread === undefined ? writeFailure(error, folder) : readFailure(unread, from);
      }
      return { bytes, sha256: hash.digest('hex') };
    },
    async write(path: string, text: string) {
      try {
        await writeFile(await place(path), text, { flag: 'wx' });
      } catch (error) {
        throw writeFailure(error, folder);
      }
    },
    async finish() {
      try {
        await rmdir(folder).catch(() => {}); // it may be there and empty
        await rename(temporary, folder);
      } catch (error) {
        throw writeFailure(error, folder);
      }
    },
    async discard() {
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function refuseUsed(folder: string): Promise<void> {
  const there = await readdir(folder).catch(() => undefined);
  if (there && there.length > 0)
    throw new ServiceError('cannot-write', `${folder} is not empty; name a folder that is not there yet`);
}
