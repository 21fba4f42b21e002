import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { milledFile } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FRAMES = 72;
/** Top, bottom and top; bottom and top; bottom, top and bottom; top and bottom (H.264 table D-1, pic_struct). */
const PULLDOWN = [5, 4, 6, 3];

/** A film at 24 a second whose pictures say in which order their fields are shown, and which field twice. */
async function film(): Promise<string> {
  const path = join(await temporaryFolder(), 'soft.h264');
  const picture = `testsrc2=s=160x96:r=24000/1001:d=3`;
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-crf',
    '18',
    '-x264-params',
    'pic-struct=1',
  ];
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, ...codec, path]);
  const bytes = await readFile(path);
  const message = Buffer.from([0, 0, 1, 6, 1, 1]); // the picture timing message, of one byte
  let count = 0;
  for (let at = bytes.indexOf(message); at >= 0; at = bytes.indexOf(message, at + 1)) {
    const value = at + message.length;
    bytes[value] = ((PULLDOWN[count++ % PULLDOWN.length] ?? 0) << 4) | ((bytes[value] ?? 0) & 15);
  }
  expect(count).toBe(FRAMES);
  await writeFile(path, bytes);
  return path;
}

describe('soft telecine of H.264', () => {
  it('keeps one picture of each that it has, since none of them is interlaced', async () => {
    const { manifest } = await milledFile(await film(), { preset: 'ultrafast', evenIfLarger: 'true' });
    expect(manifest.renditions[0]).toMatchObject({ frames: FRAMES });
    expect(manifest.warnings.join()).not.toContain('interlaced');
  });
});
