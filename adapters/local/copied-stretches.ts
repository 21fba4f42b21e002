import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { FilePart } from '../../core/bytes/byte-ranges.ts';
import { writeFailure } from '../../core/system-failure.ts';

/** Copies parts of a file into a new temporary file, one behind the other. */
export async function copiedStretches(
  path: string,
  parts: readonly FilePart[],
): Promise<{ readonly path: string; release(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-stretches-'));
  const release = () => rm(folder, { recursive: true, force: true });
  const made = join(folder, `stretches${extname(path)}`);
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
