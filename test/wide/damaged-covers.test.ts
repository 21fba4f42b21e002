import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('a cover that is no whole picture of the kind it is called', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await ffmpeg(...picture, at('plain.mkv'));
    for (const name of ['picture.tif', 'picture.gif'])
      await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x200', '-frames:v', '1', at(name));
    await writeFile(at('none.jpg'), 'this is no picture at all');
  });

  async function film(file: string, type: string): Promise<string> {
    const tags = ['-metadata:s:t:0', `mimetype=${type}`, '-metadata:s:t:0', `filename=${file}`];
    await ffmpeg('-i', at('plain.mkv'), '-c', 'copy', '-attach', at(file), ...tags, at(`with-${file}.mkv`));
    return at(`with-${file}.mkv`);
  }

  it('is named where it is damaged, and no frame of the film is', async () => {
    const made = await milledFile(await film('none.jpg', 'image/jpeg'), { ...QUICK, evenIfLarger: 'true' });
    const told = made.manifest.warnings.join('\n');
    expect(told).toMatch(/a cover of the source is damaged \(mjpeg: /);
    expect(told).not.toMatch(/could not be decoded|decodes with errors/);
  });

  it.each(['cut short', 'spoiled'])('is named where it is %s behind its head, and copied as it is', async (how) => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x200', '-frames:v', '1', at('whole.jpg'));
    const whole = await readFile(at('whole.jpg'));
    const scan = whole.lastIndexOf(Buffer.from('ffda', 'hex')) + 200;
    const broken = how === 'spoiled' ? Buffer.from(whole).fill(0, scan) : whole.subarray(0, scan);
    await writeFile(at('broken.jpg'), broken);
    const made = await milledFile(await film('broken.jpg', 'image/jpeg'), { ...QUICK, evenIfLarger: 'true' });
    const told = made.manifest.warnings.filter((each) => each.includes('cover'));
    expect(told).toEqual([
      expect.stringMatching(/^a cover of the source is damaged \(mjpeg: .*; no frame of the film is meant$/),
    ]);
    expect(made.manifest.streams[1]).toMatchObject({ fate: 'kept', why: expect.stringMatching(/^cover art, copied/) });
  });

  it('is not named where it is whole', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x200', '-frames:v', '1', at('good.jpg'));
    const made = await milledFile(await film('good.jpg', 'image/jpeg'), { ...QUICK, evenIfLarger: 'true' });
    expect(made.manifest.warnings).toEqual([]);
  });

  it.each([
    { file: 'none.jpg', type: 'image/jpeg', container: 'mp4', beside: 'stream-1.bin' },
    { file: 'none.jpg', type: 'image/jpeg', container: 'mkv', beside: 'stream-1.bin' },
    { file: 'picture.tif', type: 'image/tiff', container: 'mp4', beside: 'stream-1.tif' },
    { file: 'picture.gif', type: 'image/gif', container: 'mp4', beside: 'stream-1.gif' },
  ])('lies beside the film byte for byte: $file of $container', async ({ file, type, container, beside }) => {
    const made = await milledFile(await film(file, type), { ...QUICK, evenIfLarger: 'true', container });
    expect(made.manifest.streams[1]).toMatchObject({ fate: 'kept', why: expect.stringContaining('in the sidecar') });
    expect((await readFile(made.path(beside))).equals(await readFile(at(file)))).toBe(true);
  });
});
