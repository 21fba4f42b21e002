import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { uprightFilters } from '../../../core/film/upright.ts';

const run = promisify(execFile);
const ONE = 65_536;

/** Four pixels, 1 2 above 3 4, after the filters. */
async function turned(filters: readonly string[]): Promise<readonly number[]> {
  const pixels = 'nullsrc=s=2x2:d=1:r=1,format=gray,geq=lum=50*(1+X+2*Y)';
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    [pixels, ...filters].join(','),
    '-frames:v',
    '1',
    '-pix_fmt',
    'gray',
  ];
  const { stdout } = await run('ffmpeg', [...args, '-f', 'rawvideo', '-'], { encoding: 'buffer' });
  return [...stdout].map((value) => Math.round(value / 50));
}

/** Four pixels, placed by the matrix as the standard has it. */
function placed([a = 1, b = 0, , c = 0, d = 1]: readonly number[]): readonly number[] {
  const points = [1, 2, 3, 4].map((value, i) => {
    const [x, y] = [(i % 2) - 0.5, Math.floor(i / 2) - 0.5];
    return { value, x: Math.sign(a) * x + Math.sign(c) * y, y: Math.sign(b) * x + Math.sign(d) * y };
  });
  return points.sort((p, q) => p.y - q.y || p.x - q.x).map(({ value }) => value);
}

describe('a picture that its container turns', () => {
  it.each([
    ['a quarter to the right', [0, ONE, 0, -ONE, 0]],
    ['a quarter to the left', [0, -ONE, 0, ONE, 0]],
    ['upside down', [-ONE, 0, 0, 0, -ONE]],
    ['mirrored', [-ONE, 0, 0, 0, ONE]],
    ['mirrored upside down', [ONE, 0, 0, 0, -ONE]],
    ['mirrored along one diagonal', [0, ONE, 0, ONE, 0]],
    ['mirrored along the other diagonal', [0, -ONE, 0, -ONE, 0]],
  ])('%s stands upright', async (_, matrix) => {
    expect(await turned(uprightFilters(matrix))).toEqual(placed(matrix));
  });

  it('is left as it is without a matrix, and at an odd angle', () => {
    expect(uprightFilters(undefined)).toEqual([]);
    expect(uprightFilters([46_341, 46_341, 0, -46_341, 46_341])).toEqual([]);
  });
});
