import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Makes 100 pictures of bare H.264 at a path, each in one slice, so that user data can be put before each; returns their bytes. */
export async function plainH264(path: string): Promise<Buffer> {
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=4', '-c:v', 'libx264', '-bf', '0'],
    ...['-preset', 'ultrafast', '-x264-params', 'slices=1:threads=1', '-pix_fmt', 'yuv420p', path],
  ]);
  return readFile(path);
}
