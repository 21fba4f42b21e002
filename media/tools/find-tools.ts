import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import process from 'node:process';
import { runProcess } from '../process/run-process.ts';

/** A program on this machine. As long as `stamp` is the same, the file is the same program. */
export type Program = { readonly path: string; readonly stamp: string };

/**
 * Returns the program of this name in the folders of a PATH, or at this path if the name has a slash; undefined if no
 * such program can be executed.
 */
export async function findProgram(name: string, searchPath: string): Promise<Program | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  const paths = (process.platform === 'win32' ? /[/\\]/ : /\//).test(name)
    ? [resolve(name)]
    : folders.map((folder) => join(folder, name));
  for (const path of paths.flatMap((each) => ENDINGS.map((ending) => each + ending))) {
    const stamp = await stampOf(path);
    // not the real path, because the python of a virtual environment is a link
    if (stamp !== undefined) return { path, stamp };
  }
  return undefined;
}

/** Windows runs `ffmpeg` as `ffmpeg.exe`. */
const ENDINGS = process.platform === 'win32' ? ['.exe', ''] : [''];

/** Returns the stamp of a program; undefined if there is none at this path that can be executed. */
export async function stampOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const file = await stat(path);
    return file.isFile() ? `${await realpath(path)} ${file.mtimeMs} ${file.size}` : undefined;
  } catch {
    return undefined;
  }
}

/** As long as a busy machine may take to start Python: without an answer, films would be judged by another metric. */
const PATIENCE_MS = 60_000;
const QUESTION = 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())';

/**
 * Returns the path of the ffmpeg that Python's imageio_ffmpeg brings along, or undefined if that package is not
 * installed. This ffmpeg has libvmaf, which Debian's does not.
 */
export async function askImageio(python: Program, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await runProcess(python.path, ['-c', QUESTION], {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      cwd: '/', // Python would import a module of that name from the working directory, which others may write to
    });
    return stdout.trim();
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
