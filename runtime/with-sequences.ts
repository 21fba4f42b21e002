import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sequenceIn } from '../core/film/image-sequence.ts';

/** Returns the arguments with folders of numbered pictures named by their sequence, as `frames/frame_%05d.png`. */
export const withSequences = (args: readonly string[]): Promise<readonly string[]> =>
  Promise.all(
    args.map(async (path) => {
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []); // the job tells what is wrong
      const sequence = sequenceIn(entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)));
      return sequence === undefined ? path : join(path, sequence);
    }),
  );
