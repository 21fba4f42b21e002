import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FilePart } from '../../core/bytes/byte-ranges.ts';
import { writeFailure } from '../../core/system-failure.ts';

/** Makes a temporary folder whose name begins so. */
export type MakeTemporary = (prefix: string) => Promise<{ readonly path: string; remove(): Promise<void> }>;

/** Copies parts of a file into a new temporary file, one behind the other. */
export async function copiedStretches(
  path: string,
  parts: readonly FilePart[],
  makeTemporary: MakeTemporary,
): Promise<{ readonly path: string; release(): Promise<void> }> {
  const folder = await makeTemporary('reelmill-stretches-');
  const release = () => folder.remove();
  const made = join(folder.path, `stretches${extname(path)}`);
  try {
    const file = await open(made, 'wx');
    try {
      for (const { start, end, instead } of parts) {
        const chunks = instead ? [instead] : end > start ? createReadStream(path, { start, end: end - 1 }) : [];
        for await (const chunk of chunks)
          await file.appendFile(chunk).catch((error: unknown) => {
            throw writeFailure(error, made);
          });
      }
    } finally {
      await file.close();
    }
    return { path: made, release };
  } catch (error) {
    await release();
    throw error;
  }
}
