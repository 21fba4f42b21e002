import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { boxesOf, newBox, withBox } from '../../../core/bytes/boxes.ts';
import { withByteSource } from '../../../media/structure/byte-source.ts';
import { boxesIn } from '../../../media/structure/mp4-boxes.ts';
import { pictureFragments } from '../../../media/structure/mp4-picture-fragments.ts';
import { box, u32 } from '../../fixtures/craft.ts';
import { clip, fileOf } from '../../fixtures/make.ts';

const { signal } = new AbortController();

async function fragmentsIn(file: Buffer) {
  const path = await fileOf('runs.mp4', file);
  return withByteSource(path, signal, async (source) => {
    for await (const box of boxesIn(source, 0, source.size)) {
      if (box.type === 'moov') return pictureFragments(source, box);
    }
    throw new Error('no movie box');
  });
}

/** The fragments of a fragmented film whose first run of samples was changed. */
async function fragmentsOf(edit: (file: Buffer, run: number) => void) {
  const file = await readFile(await clip('fragmented'));
  edit(file, file.indexOf('trun') + 4);
  return fragmentsIn(file);
}

/** The fragments of a fragmented film whose first track has this edit list. */
async function fragmentsWith(elst: Buffer) {
  const file = await readFile(await clip('fragmented'));
  const moov = boxesOf(file, 0, file.length).find(({ type }) => type === 'moov');
  if (!moov) throw new Error('no movie box');
  const edited = withBox(file, moov, ['trak'], (trak) =>
    newBox('trak', file.subarray(trak.body, trak.end), newBox('edts', elst)),
  );
  return fragmentsIn(Buffer.concat([file.subarray(0, moov.start), edited, file.subarray(moov.end)]));
}

describe('the fragments of a picture', () => {
  it('are those of the file', async () => {
    const fragments = await fragmentsOf(() => {});
    expect(fragments.length).toBeGreaterThan(0);
    expect(fragments.every(({ samples }) => samples > 0)).toBe(true);
  });

  it('are none where a run announces more samples than it holds, or than any film has', async () => {
    expect(await fragmentsOf((file, run) => file.writeUInt32BE(10_000, run + 4))).toEqual([]);
    const endless = await fragmentsOf((file, run) => {
      file.writeUInt32BE(0, run); // all samples are alike
      file.writeUInt32BE(0xffff_ffff, run + 4);
    });
    expect(endless).toEqual([]);
  });

  it.each<[string, (file: Buffer) => void]>([
    [
      'a time of a fragment has fewer bytes than its version',
      (file) => file.writeUInt32BE(12, file.indexOf('tfdt') - 4),
    ],
    ['a header of a fragment lacks what it says', (file) => file.writeUInt32BE(0x3b, file.indexOf('tfhd') + 4)],
  ])('are none where %s', async (_, edit) => {
    expect(await fragmentsOf(edit)).toEqual([]);
  });

  it.each([
    ['announces more entries than it holds', box('elst', u32(0), u32(0xffff_fff0), Buffer.alloc(12))],
    ['ends in its header', box('elst', u32(0))],
  ])('are none where an edit list %s', async (_, elst) => {
    expect(await fragmentsWith(elst)).toEqual([]);
  });

  it('are those of the file where an edit list has no entry', async () => {
    expect(await fragmentsWith(box('elst', u32(0), u32(0)))).toHaveLength((await fragmentsOf(() => {})).length);
  });

  it('are not none where reading fails', async () => {
    const failing = {
      name: '"failing"',
      size: 2 ** 20,
      read: async (): Promise<Buffer> => Buffer.alloc(4).subarray(0, Buffer.alloc(0).readUInt8(0)),
    };
    const moov = { type: 'moov', start: 0, headerBytes: 8, size: 1000, end: 1000, open: false };
    await expect(pictureFragments(failing, moov)).rejects.toMatchObject({ code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
  });
});
