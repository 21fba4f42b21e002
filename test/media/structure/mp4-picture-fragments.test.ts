import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { withByteSource } from '../../../media/structure/byte-source.ts';
import { boxesIn } from '../../../media/structure/mp4-boxes.ts';
import { pictureFragments } from '../../../media/structure/mp4-picture-fragments.ts';
import { clip, fileOf } from '../../fixtures/make.ts';

const { signal } = new AbortController();

/** The fragments of a fragmented film whose first run of samples was changed. */
async function fragmentsOf(edit: (file: Buffer, run: number) => void) {
  const file = await readFile(await clip('fragmented'));
  edit(file, file.indexOf('trun') + 4);
  const path = await fileOf('runs.mp4', file);
  return withByteSource(path, signal, async (source) => {
    for await (const box of boxesIn(source, 0, source.size)) {
      if (box.type === 'moov') return pictureFragments(source, box);
    }
    throw new Error('no movie box');
  });
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
});
