import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { hashFile } from '../probe/hash-file.ts';
import { type FrameFiles, framesAt } from './frames-at.ts';

/** Returns the SHA-256 of a source: by `hashOne` of a file, over all pictures and their numbers of a sequence. */
export const hashOfSource =
  (hashOne: typeof hashFile): typeof hashFile =>
  async (path, options) => {
    const found = await framesAt(path);
    return found ? hashFrames(found, options) : hashOne(path, options);
  };

/** Numbers count from the first, so that a sequence that was only renumbered is the same. */
async function hashFrames({ folder, frames }: FrameFiles, { signal, onProgress }: WorkOptions): Promise<string> {
  const hash = createHash('sha256');
  const first = frames[0]?.number ?? 0;
  let before = 0;
  for (const { name, number } of frames) {
    let bytes = 0;
    const report = (done: number) => {
      bytes = done;
      onProgress(before + done);
    };
    hash.update(`${number - first} ${await hashFile(join(folder, name), { signal, onProgress: report })}\n`);
    before += bytes;
  }
  return hash.digest('hex');
}
