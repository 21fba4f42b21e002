import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const exif = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run('exiftool', ['-j', '-G1', '-api', 'QuickTimeUTC=0', path])).stdout)[0];

describe('when DV was recorded', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=720x576:r=25:d=0.2,format=yuv420p'];
    const sound = ['-f', 'lavfi', '-i', 'sine=r=48000:d=0.2', '-ac', '2'];
    await ffmpeg(...picture, ...sound, '-metadata', 'creation_time=2003-04-05T06:07:08Z', '-f', 'dv', at('tape.dv'));
    await ffmpeg('-i', at('tape.dv'), '-c', 'copy', '-map_metadata', '-1', at('tape.avi'));
    await ffmpeg('-i', at('tape.dv'), '-c', 'copy', '-map_metadata', '-1', at('tape.mov'));
    const copied = ['-metadata', 'creation_time=2010-01-02T03:04:05Z'];
    await ffmpeg('-i', at('tape.dv'), '-c', 'copy', ...copied, at('copied.mov'));
  });

  it.each(['tape.dv', 'tape.avi', 'tape.mov'])(
    'is the time of recording of an MP4, as MediaInfo reads it: %s',
    async (name) => {
      const media = await run('mediainfo', ['--Inform=Video;%Recorded_Date%', at(name)]);
      const general = await run('mediainfo', ['--Inform=General;%Recorded_Date%', at(name)]);
      expect(media.stdout + general.stdout).toContain('2003-04-05 06:07:08');
      const made = await milledFile(at(name), settings);
      expect(await exif(made.path('preserve.mp4'))).toMatchObject({
        'QuickTime:CreateDate': '2003:04:05 06:07:08',
        'Keys:CreationDate': '2003:04:05 06:07:08',
      });
    },
  );

  it('stands beside when the tape was copied, which the header says', async () => {
    const made = await milledFile(at('copied.mov'), settings);
    expect(await exif(made.path('preserve.mp4'))).toMatchObject({
      'QuickTime:CreateDate': '2010:01:02 03:04:05',
      'Keys:CreationDate': '2003:04:05 06:07:08',
    });
    expect(linesOf(made)).toContainEqual(expect.stringContaining('com.apple.quicktime.creationdate'));
  });

  it.each([
    { where: 'Berlin in summer', zone: 0x41, utc: '04:07:08', local: '06:07:08+02:00' },
    { where: 'New York in winter', zone: 0xd9, utc: '11:07:08', local: '06:07:08-05:00' },
    { where: 'Delhi', zone: 0x85, utc: '00:37:08', local: '06:07:08+05:30' },
  ])('is by the clock of a zone, if the camera wrote it: $where', async ({ zone, utc, local }) => {
    const tape = await readFile(at('tape.dv'));
    for (let found = tape.indexOf(0x62); found >= 0; found = tape.indexOf(0x62, found + 1))
      if (tape.toString('hex', found + 1, found + 5) === 'ffc50403') tape.writeUInt8(zone, found + 1);
    await writeFile(at(`zone-${zone}.dv`), tape);
    const made = await milledFile(at(`zone-${zone}.dv`), settings);
    expect(await exif(made.path('preserve.mp4'))).toMatchObject({
      'QuickTime:CreateDate': `2003:04:05 ${utc}`,
      'Keys:CreationDate': `2003:04:05 ${local}`,
    });
  });

  it('goes into Matroska too', async () => {
    const made = await milledFile(at('copied.mov'), { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvextract', [made.path('preserve.mkv'), 'tags', '-']);
    expect(stdout).toContain('2003-04-05T06:07:08');
  });
});
