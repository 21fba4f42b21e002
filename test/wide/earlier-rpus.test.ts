import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { dolbyConfiguration, rpuOfEarlier, rpuOfProfile, unitsOf, withUnits } from '../fixtures/picture-notes.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

it('Dolby Vision of which most pictures name an earlier one is carried, and what may come of it is told', async () => {
  const folder = await temporaryFolder();
  const [plain, source] = [join(folder, 'plain.mp4'), join(folder, 'film.mp4')];
  const colour = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-c:v', 'libx265', '-preset', 'ultrafast'],
    ...['-x265-params', `log-level=error:bframes=3:keyint=50:info=0:${colour}`, '-pix_fmt', 'yuv420p10le'],
    ...['-tag:v', 'hvc1', plain],
  ]);
  const units = (picture: number) => ({ behind: [picture % 10 === 0 ? rpuOfProfile(8, picture) : rpuOfEarlier()] });
  await writeFile(source, dolbyConfiguration(8, 1)(withUnits(await readFile(plain), units)));
  const { path, manifest } = await milledFile(source, settings);
  const raw = join(folder, 'made.h265');
  await run('ffmpeg', ['-v', 'error', '-i', path('preserve.mp4'), '-c', 'copy', '-bsf:v', 'hevc_mp4toannexb', raw]);
  const rpus = unitsOf(await readFile(raw)).filter(({ type }) => type === 62);
  expect(rpus.filter(({ bytes }) => bytes.equals(rpuOfEarlier()))).toHaveLength(45);
  expect(rpus).toHaveLength(50);
  expect(manifest.warnings).toEqual([
    expect.stringMatching(/^Dolby Vision: 45 of 50 pictures name the metadata of an earlier one/),
  ]);
});
