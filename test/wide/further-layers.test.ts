import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unitsOf, withUnits } from '../fixtures/picture-notes.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

/** Pictures whose parameter set says two layers, and each of which has a slice of the second one behind its own. */
describe('pictures of HEVC with a second layer', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx265', '-preset', 'ultrafast'];
    await ffmpeg(...picture, '-x265-params', 'log-level=error:info=0:bframes=0', '-tag:v', 'hvc1', at('plain.mp4'));
    await ffmpeg('-i', at('plain.mp4'), '-c', 'copy', '-bsf:v', 'hevc_mp4toannexb', at('plain.h265'));
    const slices = unitsOf(await readFile(at('plain.h265'))).filter(({ type }) => type < 32);
    const ofLayer = slices.map(({ bytes }) => {
      const slice = Buffer.from(bytes);
      slice.writeUInt8((slice.readUInt8(1) & 7) | 8, 1); // nuh_layer_id is 1
      return slice;
    });
    const film = withUnits(await readFile(at('plain.mp4')), (i) => ({ behind: ofLayer.slice(i, i + 1) }));
    const set = film.indexOf('40010c01ffff', 0, 'hex');
    film.writeUInt8(0x11, set + 3); // two layers
    await writeFile(at('film.mp4'), film);
    await ffmpeg('-i', at('film.mp4'), '-c', 'copy', at('film.mkv'));
    await ffmpeg('-i', at('film.mp4'), '-c', 'copy', at('film.ts'));
  });

  it.each(['film.mp4', 'film.mkv', 'film.ts'])('are told as lost: %s', async (name) => {
    const made = await milledFile(at(name), settings);
    expect(linesOf(made)).toContainEqual(
      expect.stringMatching(/^track 0 \| further layers \| dropped \| no decoder here/),
    );
    expect(made.manifest.warnings).toContainEqual(
      expect.stringMatching(/^no decoder here gives the layers above the first/),
    );
  });

  it('are told as lost in a ladder too', async () => {
    const { manifest } = await milledFile(at('film.mp4'), {}, smallLadder);
    expect(manifest.warnings).toContainEqual(
      expect.stringMatching(/^no decoder here gives the layers above the first/),
    );
  });

  it('are not told where there is one', async () => {
    expect(linesOf(await milledFile(at('plain.mp4'), settings)).join()).not.toContain('further layers');
  });
});
