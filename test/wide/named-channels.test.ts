import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const layoutIn = async (path: string): Promise<string> =>
  (
    await run('ffprobe', [
      ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=channel_layout', '-of', 'csv=p=0'],
      path,
    ])
  ).stdout.trim();

describe('which channel of a PCM sound is which', () => {
  let film: string;
  beforeAll(async () => {
    film = join(await temporaryFolder(), 'film.mov');
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    const sound = ['-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=0.4:a=0.1,aformat=channel_layouts=7.1'];
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...picture.slice(0, 4),
      ...sound,
      ...picture.slice(4),
      '-c:a',
      'pcm_s16le',
      film,
    ]);
  });

  it('is kept in MP4, and told where Matroska does not say it', async () => {
    expect(await layoutIn(film)).toBe('7.1');
    const inMp4 = await milledFile(film, { ...QUICK, evenIfLarger: 'true' });
    expect(await layoutIn(inMp4.path('preserve.mp4'))).toBe('7.1');
    const inMkv = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container: 'mkv' });
    expect(await layoutIn(inMkv.path('preserve.mkv'))).not.toBe('7.1');
    expect(inMkv.manifest.streams[1]).toMatchObject({
      fate: 'kept',
      why: expect.stringContaining('Matroska does not say which of its channels is which (7.1)'),
    });
  });
});
