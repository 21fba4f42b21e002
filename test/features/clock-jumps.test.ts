import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const RECORDING = {
  file: 'recording.ts',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-f', 'lavfi', '-i', 'sine=d=2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'mp2'],
  ],
};

/** A recording, and what is the same one an hour later by its clock. */
async function recordings(): Promise<readonly [now: Buffer, later: Buffer]> {
  const now = await makeClip(RECORDING);
  const later = `${await temporaryFolder()}/later.ts`;
  const delayed = ['-v', 'error', '-itsoffset', '3600', '-i', now, '-c', 'copy', '-copyts', '-muxdelay', '0', later];
  await run('ffmpeg', delayed);
  return [await readFile(now), await readFile(later)];
}

it.each([
  [
    'ahead',
    'preserve',
    { ...QUICK, evenIfLarger: 'true' },
    'preserve.mp4',
    /jumps \(359\d\.\d s ahead at 0:0[12]\.\d\)/,
  ],
  ['back', 'preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4', /jumps \(360\d\.\d s back at 0:0[12]\.\d\)/],
  ['again', 'preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4', /jumps \(\d\.\d s back at 0:0[12]\.\d\)/],
  ['ahead', 'ladder', QUICK, 'sd.mp4', /jumps/],
  ['back', 'vj', {}, 'hap.mov', /jumps/],
] as const)('a transport stream whose clock goes %s goes on without a pause in %s %j, and is told', async (...row) => {
  const [way, recipe, settings, name, told] = row;
  const [now, later] = await recordings();
  const parts = { ahead: [now, later], back: [later, now], again: [now, now] }[way];
  const { manifest, path } = await milledFile(await fileOf(`${way}.ts`, Buffer.concat(parts)), settings, recipe);
  expect(manifest.warnings).toContainEqual(expect.stringMatching(told));
  for (const stream of ['v:0', 'a:0']) {
    const { duration } = await streamOf(path(name), stream);
    expect(Math.abs(Number(duration) - 4)).toBeLessThan(0.15);
  }
  expect(manifest.renditions[0]?.frames).toBe(100);
});
