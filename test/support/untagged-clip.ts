import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeClip } from './clip.ts';

const run = promisify(execFile);

/** Makes an MP4 of a second without any tag in the folder, and returns its path. */
export async function untaggedClip(folder: string): Promise<string> {
  const [plain, clip] = [join(folder, 'plain.mp4'), join(folder, 'clip.mp4')];
  await makeClip(plain, { seconds: 1, size: '64x48' });
  const untagged = ['-c', 'copy', '-map_metadata', '-1', '-fflags', '+bitexact'];
  await run('ffmpeg', ['-v', 'error', '-i', plain, ...untagged, clip]);
  return clip;
}

/** What exiftool finds in a file, by group and tag. */
export async function foundByExiftool(path: string): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await run('exiftool', ['-j', '-G1', '-s', '-n', path]);
  const [found = {}] = JSON.parse(stdout);
  return found;
}
