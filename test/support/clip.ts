import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { makeClip as clipInCache } from '../fixtures/make.ts';

/** A small moving picture with sound, with a keyframe every half second, so that it is cut into several segments. */
export async function makeClip(
  path: string,
  { seconds, size = '160x120' }: { seconds: number; size?: string },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const made = await clipInCache({
    file: `clip${extname(path)}`,
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=24:d=${seconds}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-g', '12', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ],
  });
  await copyFile(made, path);
}
