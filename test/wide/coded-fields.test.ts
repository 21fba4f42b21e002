import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { milledFile, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const FIELDS = 20;

describe('HEVC coded in fields', () => {
  it.each(['top', 'bottom'] as const)(
    'is refused with a command that makes whole frames of it, %s field first',
    async (first) => {
      const folder = await temporaryFolder();
      const source = join(folder, `${first}.mp4`);
      const order = `${first[0]}ff`;
      await run('ffmpeg', [
        ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=96x128:r=50:d=${FIELDS / 50}`],
        ...['-vf', `tinterlace=interleave_${first},setfield=${order},separatefields,format=yuv420p`],
        ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:interlace=${order}`, source],
      ]);
      const { outcome } = await (await testMill()).run(source, 'preserve');
      expect(outcome).toMatchObject({ status: 'failed', code: 'bad-input' });
      const [, command = ''] =
        /weave them first: ffmpeg (.*)$/.exec('reason' in outcome ? `${outcome.reason}` : '') ?? [];
      expect(command).toContain(`first_field=${first}`);
      const woven = join(folder, 'woven.mkv');
      await run('ffmpeg', ['-v', 'error', ...command.replace('SOURCE', source).replace('NEW.mkv', woven).split(' ')]);
      const { manifest } = await milledFile(woven, { preset: 'ultrafast', evenIfLarger: 'true', deinterlace: 'on' });
      expect(manifest.renditions[0]).toMatchObject({ width: 96, height: 128, frames: FIELDS / 2 });
    },
  );
});
