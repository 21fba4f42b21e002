import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { runProcess } from '../process/run-process.ts';

/** A program on this machine; while `stamp` is the same, it is the same program. */
export type Program = { readonly path: string; readonly stamp: string };

/** The program of this name in the folders of a PATH, or at this path if it has a slash; undefined if there is none. */
export async function findProgram(name: string, searchPath: string): Promise<Program | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  const places = name.includes('/') ? [resolve(name)] : folders.map((folder) => join(folder, name));
  for (const place of places) {
    const stamp = await stampOf(place);
    if (stamp !== undefined) return { path: place, stamp }; // not its real path: a virtual environment's python is a link
  }
  return undefined;
}

async function stampOf(place: string): Promise<string | undefined> {
  try {
    await access(place, constants.X_OK);
    const file = await stat(place);
    return file.isFile() ? `${await realpath(place)} ${file.mtimeMs} ${file.size}` : undefined;
  } catch {
    return undefined;
  }
}

const PATIENCE_MS = 5000;
const QUESTION = 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())';

/** The ffmpeg that Python's imageio_ffmpeg brings along, where there is one: it has libvmaf, which Debian's has not. */
export async function askImageio(python: Program, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await runProcess(python.path, ['-c', QUESTION], {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      cwd: '/', // Python would import a module of that name from the current folder, which may be anyone's
    });
    return stdout.trim();
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
