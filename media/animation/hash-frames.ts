import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { hashFile } from '../probe/hash-file.ts';
import { hashOnThread } from '../probe/hash-on-thread.ts';
import { type FrameFiles, framesAt } from './frames-at.ts';

/** Returns the SHA-256 of a source in hexadecimal: of its bytes, or of all pictures of a sequence and their numbers. */
export const hashOfSource: typeof hashFile = async (path, options) => {
  const found = await framesAt(path);
  return found ? hashFrames(found, options) : hashOnThread(path, options);
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
