import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK } from '../support/mill.ts';

/** Where the layer stands behind the type of a `tkhd` box of version 0, and how far the picture is moved (ISO/IEC 14496-12 8.3.2). */
const [LAYER, RIGHT, DOWN] = [4 + 32, 4 + 64, 4 + 68];

const heads = (movie: Buffer): readonly number[] => {
  const found: number[] = [];
  for (let at = movie.indexOf('tkhd'); at >= 0; at = movie.indexOf('tkhd', at + 1)) found.push(at);
  return found;
};
const layersOf = (movie: Buffer) => heads(movie).map((at) => movie.readInt16BE(at + LAYER));

/** A film with a second picture in front of the first, at 70,40. */
const clip = () =>
  makeClip({
    file: 'in-front.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'],
      ...['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=25:duration=1', '-map', '0', '-map', '1'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ],
    edit: (movie) => {
      const edited = Buffer.from(movie);
      const at = heads(edited)[1] ?? 0;
      edited.writeInt16BE(-1, at + LAYER);
      edited.writeInt32BE(70 << 16, at + RIGHT);
      edited.writeInt32BE(40 << 16, at + DOWN);
      return edited;
    },
  });

it.each([
  { container: 'mp4', told: [['layer', 'kept']] },
  {
    container: 'mkv',
    told: [
      ['layer', 'dropped'],
      ['position in the film', 'dropped'],
    ],
  },
])(
  'a second picture in front of the first: what $container has of its layer and its place',
  async ({ container, told }) => {
    const { path, manifest } = await milledFile(await clip(), { ...QUICK, evenIfLarger: true, container });
    const lines = manifest.renditions[0]?.metadata?.filter(({ place }) => place === 'track 1');
    expect(lines?.map(({ name, fate }) => [name, fate])).toEqual(told);
    if (container === 'mp4') expect(layersOf(await readFile(path('preserve.mp4')))).toEqual([0, -1]);
  },
);
