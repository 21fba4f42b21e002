import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { u32 } from '../fixtures/craft.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const NAMED = 'frame packing';

/** The mode of the box that marks two eyes in an MP4, as it lies in the file; undefined without one. */
async function boxIn(path: string): Promise<number | undefined> {
  const bytes = await readFile(path);
  const at = bytes.indexOf(Buffer.concat([Buffer.from('st3d'), u32(0)]));
  return at < 0 ? undefined : bytes[at + 8];
}

async function modeIn(path: string): Promise<string | undefined> {
  const [, mode] = /Stereo mode: (\d+)/.exec((await run('mkvinfo', [path])).stdout) ?? [];
  return mode;
}

describe('two eyes in one picture', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, join(folder, 'plain.mp4')]);
  });
  const film = async (mode: number) => {
    const path = join(folder, `mode-${mode}.mkv`);
    await run('mkvmerge', ['-q', '-o', path, '--stereo-mode', `0:${mode}`, join(folder, 'plain.mp4')]);
    return path;
  };

  it('keeps side by side with the right eye first in MP4, and from there in MP4 and Matroska', async () => {
    const first = await milledFile(await film(11), settings);
    expect(await boxIn(first.path('preserve.mp4'))).toBe(4);
    expect(first.manifest.warnings).toEqual([]);
    const again = await milledFile(first.path('preserve.mp4'), settings);
    expect(await boxIn(again.path('preserve.mp4'))).toBe(4);
    const back = await milledFile(first.path('preserve.mp4'), { ...settings, container: 'mkv' });
    expect(await modeIn(back.path('preserve.mkv'))).toBe('11');
    expect(back.manifest.renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ name: NAMED, fate: 'converted' }),
    );
  });

  it.each([
    [2, 'top and bottom, right eye first'],
    [10, 'anaglyph of cyan and red'],
  ])('says that MP4 has no mark for mode %i of Matroska, and writes none', async (mode, packing) => {
    const { path, manifest } = await milledFile(await film(mode), settings);
    expect(await boxIn(path('preserve.mp4'))).toBeUndefined();
    expect(manifest.warnings).toEqual([expect.stringContaining(`two eyes lie in each picture (${packing})`)]);
    const why = `MP4 has no mark for "${packing}"; container=mkv keeps it`;
    expect(manifest.renditions[0]?.metadata).toContainEqual({ place: 'track 0', name: NAMED, fate: 'dropped', why });
  });

  it.each([2, 10, 14])('keeps mode %i in Matroska without a warning', async (mode) => {
    const { path, manifest } = await milledFile(await film(mode), { ...settings, container: 'mkv' });
    expect(await modeIn(path('preserve.mkv'))).toBe(`${mode}`);
    expect(manifest.warnings).toEqual([]);
  });

  it('writes what only the pictures of H.264 say into Matroska', async () => {
    const path = join(folder, 'lines.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.2', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, '-x264-params', 'frame-packing=2', path]);
    const made = await milledFile(path, { ...settings, container: 'mkv' });
    expect(await modeIn(made.path('preserve.mkv'))).toBe('7');
    expect(made.manifest.warnings).toEqual([]);
  });
});
