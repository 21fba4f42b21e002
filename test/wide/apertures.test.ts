import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { box, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { saying } from '../fixtures/spheres.ts';
import { milledFile, QUICK } from '../support/mill.ts';

/** QuickTime's sizes of a track: with clean edges, as produced, and as encoded. */
const tapt = (width: number, height: number) =>
  box('tapt', ...['clef', 'prof', 'enof'].map((type) => box(type, u32(0), u32(width << 16), u32(height << 16))));

const clip = (width: number, height: number) =>
  makeClip({
    file: 'apertures.mov',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1', '-f', 'mp4'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ],
    edit: saying({ track: [tapt(width, height)] }),
  });

const archive = { ...QUICK, evenIfLarger: true };
const countOf = (bytes: Buffer, type: string) => bytes.toString('latin1').split(type).length - 1;

describe('the sizes at which QuickTime shows a track (tapt)', () => {
  it.each([
    { into: 'MP4', settings: archive, recipe: 'preserve', file: 'preserve.mp4', fate: 'kept' },
    { into: 'MOV', settings: {}, recipe: 'mezzanine', file: '422.mov', fate: 'kept' },
    {
      into: 'Matroska',
      settings: { ...archive, container: 'mkv' },
      recipe: 'preserve',
      file: 'preserve.mkv',
      fate: 'dropped',
    },
    {
      into: 'another size',
      settings: { ...archive, shortSide: 60 },
      recipe: 'downscale',
      file: 'downscale.mp4',
      fate: 'dropped',
    },
  ])('are $fate in $into, where they are not those of the picture', async ({ settings, recipe, file, fate }) => {
    const { path, manifest } = await milledFile(await clip(120, 90), settings, recipe);
    const lines = manifest.renditions[0]?.metadata?.filter(({ name }) => name === 'tapt');
    expect(lines).toEqual([expect.objectContaining({ place: 'track 0', fate })]);
    const bytes = await readFile(path(file));
    expect(bytes.includes(tapt(120, 90))).toBe(fate === 'kept');
    expect(countOf(bytes, 'tapt')).toBe(fate === 'kept' ? 1 : 0);
  });

  it('need no line where the picture says the same', async () => {
    const { manifest } = await milledFile(await clip(160, 90), { ...archive, container: 'mkv' });
    expect(manifest.renditions[0]?.metadata?.map(({ name }) => name)).not.toContain('tapt');
  });
});
