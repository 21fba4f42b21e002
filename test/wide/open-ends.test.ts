import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=1000:d=1:r=48000'];

/** How many packets the sound of a file has, and its last one's hash. */
async function packetsOf(path: string) {
  const entries = ['-show_entries', 'packet=data_hash', '-show_data_hash', 'md5', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'a:0', ...entries, path]);
  return stdout.trim().split('\n');
}

describe('sound whose last packet does not say how long it lasts', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
  beforeAll(async () => {
    folder = await temporaryFolder();
    await ffmpeg(...SOUND, ...PICTURE, '-c:a', 'libopus', 'opus.nut');
    // without an edit list, a reader finds a last packet whose length the table of times gives as 0
    await ffmpeg(...SOUND, '-c:a', 'alac', 'alac.caf');
    await ffmpeg(...PICTURE, 'picture.mp4');
    const open = ['-bsf:a', 'setts=duration=if(gt(PTS\\,40000)\\,0\\,DURATION)'];
    await ffmpeg('-i', 'picture.mp4', '-i', 'alac.caf', '-c', 'copy', ...open, '-use_editlist', '0', 'alac.mov');
  });

  it.each(['opus.nut', 'alac.mov'])('is copied to its last packet, at the first way: %s', async (name) => {
    const { path, manifest } = await milledFile(at(name), settings);
    expect(manifest.warnings.join()).not.toContain('a second way');
    expect(manifest.streams).toContainEqual(expect.objectContaining({ type: 'audio', fate: 'kept' }));
    expect(await packetsOf(path('preserve.mp4'))).toEqual(await packetsOf(at(name)));
  });
});
