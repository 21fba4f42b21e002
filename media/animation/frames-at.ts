import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import {
  framesAmong,
  type SequenceFrame,
  type SequencePattern,
  sequencePattern,
} from '../../core/film/image-sequence.ts';
import { readFailure } from '../../core/system-failure.ts';

/** The pictures of a sequence as files. */
export type FrameFiles = {
  readonly folder: string;
  readonly pattern: SequencePattern;
  readonly frames: readonly SequenceFrame[];
  readonly bytes: number;
  /** The latest of the pictures' times. */
  readonly modifiedMs: number;
};

/**
 * Returns the pictures that a path as `frames/frame_%05d.png` means; undefined if it is no such path, if a file has this very
 * name, or if there are none. Throws `bad-input` for a picture that is a link or no file: it might lead anywhere.
 */
export async function framesAt(path: string): Promise<FrameFiles | undefined> {
  const pattern = sequencePattern(basename(path));
  if (!pattern || (await lstat(path).catch(() => undefined))) return undefined;
  const folder = dirname(path);
  const names = await readdir(folder).catch((): string[] => []);
  const frames = framesAmong(pattern, names);
  if (frames.length === 0) return undefined;
  let [bytes, modifiedMs] = [0, 0];
  for (const { name } of frames) {
    const stats = await lstat(join(folder, name)).catch((error: unknown) => {
      throw readFailure(error, name);
    });
    if (!stats.isFile()) throw noPlainFile(name, stats.isSymbolicLink());
    bytes += stats.size;
    modifiedMs = Math.max(modifiedMs, stats.mtimeMs);
  }
  return { folder, pattern, frames, bytes, modifiedMs };
}

const noPlainFile = (name: string, isLink: boolean) =>
  new ServiceError(
    'bad-input',
    `${name} is ${isLink ? 'a link' : 'no file'}; the pictures of a sequence must be files themselves`,
  );
