import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { judgeStructure } from '../../../media/structure/judge-structure.ts';
import { fileOf, makeClip } from '../../fixtures/make.ts';
import { milledFile, QUICK } from '../../support/mill.ts';

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

const DATA = Buffer.from('3626b2758e66cf11a6d900aa0062ce6c', 'hex');
const PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const INDEX = Buffer.from('90080033b1e5cf1189f400a0c90349cb', 'hex');

/** A file with another size of the object that has this id. */
function sized(bytes: Uint8Array, id: Buffer, size: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(BigInt(size), changed.indexOf(id) + 16);
  return changed;
}

describe('a WMV without a stated length', () => {
  it('is whole with the index behind its packets', async () => {
    const { warnings } = await judged('piped.wmv', await piped());
    expect(warnings).toEqual([expect.stringContaining('it is a live recording')]);
  });

  it('is whole where its data say that they are nothing long', async () => {
    const { warnings } = await judged('sizeless.wmv', sized(await piped(), DATA, 0));
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

describe('a WMV with something else behind its data', () => {
  const written = () =>
    makeClip({
      file: 'whole.wmv',
      args: ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=1', '-c:v', 'wmv2', '-f', 'asf'],
    }).then((path) => readFile(path));

  it('is read where zeros follow', async () => {
    const { warnings } = await judged('zeros.wmv', Buffer.concat([await written(), Buffer.alloc(5000)]));
    expect(warnings).toEqual(['5000 stray bytes follow its last object']);
  });

  it.each([0, 1, 23])('is read where its index says that it is %d bytes long', async (size) => {
    const { warnings } = await judged(`index-${size}.wmv`, sized(await written(), INDEX, size));
    expect(warnings).toEqual([expect.stringMatching(/^\d+ stray bytes follow its last object$/)]);
  });

  it.each([1, 23])('is read where %d zeros follow', async (count) => {
    const { warnings } = await judged(`zeros-${count}.wmv`, Buffer.concat([await written(), Buffer.alloc(count)]));
    expect(warnings).toEqual([`${count} stray bytes follow its last object`]);
  });

  it.each([1, 7, 23, 24, 5000])('is read where %d other bytes follow the end that its header states', async (count) => {
    const { warnings } = await judged(`more-${count}.wmv`, Buffer.concat([await written(), Buffer.alloc(count, 0x5a)]));
    expect(warnings).toEqual([`${count} stray bytes follow its last object`]);
  });

  it('is cut short where other bytes follow, and its header states another end', async () => {
    const bytes = await written();
    const stated = bytes.indexOf(PROPERTIES) + 40;
    bytes.writeBigUInt64LE(bytes.readBigUInt64LE(stated) + 100n, stated);
    const source = judged('less.wmv', Buffer.concat([bytes, Buffer.alloc(23, 0x5a)]));
    await expect(source).rejects.toMatchObject({ code: 'truncated' });
  });

  it('is cut short where another object has begun', async () => {
    const begun = Buffer.concat([await written(), INDEX]);
    await expect(judged('begun.wmv', begun)).rejects.toMatchObject({ code: 'truncated' });
  });

  it('is read to its end where its data say that they are nothing long, and it is not live', async () => {
    const bytes = sized(await written(), DATA, 0);
    const { warnings } = await judged('nothing.wmv', bytes);
    expect(warnings).toEqual([
      'it is a recording that was never finished, in which nothing tells how long it should be',
    ]);
    await expect(judged('nothing-cut.wmv', bytes.subarray(0, bytes.length - 100))).rejects.toMatchObject({
      code: 'truncated',
    });
  });

  it.each([2n ** 63n, 2n ** 64n - 1n])('is read where it states %d ten-millionths of a second', async (length) => {
    const bytes = await written();
    bytes.writeBigUInt64LE(length, bytes.indexOf(PROPERTIES) + 64);
    const path = await fileOf(`long-${length}.wmv`, bytes);
    const { manifest } = await milledFile(path, { ...QUICK, evenIfLarger: 'true' });
    expect(manifest.renditions).toMatchObject([{ frames: 25 }]);
    expect(manifest.warnings).toContainEqual(
      expect.stringContaining('more than thirty years, which is taken for none'),
    );
  });
});
