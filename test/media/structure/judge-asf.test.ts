import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { judgeStructure } from '../../../media/structure/judge-structure.ts';
import { fileOf } from '../../fixtures/make.ts';

/** A WMV that ffmpeg wrote into a pipe: it calls itself live, and has an index behind its packets all the same. */
const piped = async () =>
  (
    await execa(
      'ffmpeg',
      [
        ...[
          '-nostdin',
          '-v',
          'error',
          '-f',
          'lavfi',
          '-i',
          'testsrc2=s=64x48:r=25:d=3',
          '-f',
          'lavfi',
          '-i',
          'sine=d=3',
        ],
        ...['-c:v', 'wmv2', '-c:a', 'wmav2', '-f', 'asf', '-'],
      ],
      { encoding: 'buffer' },
    )
  ).stdout;

const judged = async (name: string, bytes: Uint8Array) =>
  judgeStructure(await fileOf(name, bytes), AbortSignal.timeout(600_000), undefined);

describe('a WMV without a stated length', () => {
  it('is whole with the index behind its packets', async () => {
    const { warnings } = await judged('piped.wmv', await piped());
    expect(warnings).toEqual([expect.stringContaining('it is a live recording')]);
  });

  it.each([50, 200])('is cut short where %d of its last bytes are missing', async (missing) => {
    const bytes = await piped();
    await expect(judged(`cut-${missing}.wmv`, bytes.subarray(0, bytes.length - missing))).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringContaining('it ends within a packet'),
    });
  });
});
