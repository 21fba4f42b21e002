import { describe, expect, it } from '@jest/globals';
import { decodeModel } from '../../../media/onnx/model-file.ts';
import { floats, node, type OnnxGraph } from '../../../media/onnx/onnx-model.ts';
import { rgbModel } from '../../../media/onnx/rgb-model.ts';
import {
  cpuWindowPixels,
  gpuPictures,
  gpuWindowPixels,
  stepBytes,
  USUAL_GPU_WINDOW_PIXELS,
} from '../../../media/onnx/window-pixels.ts';
import { shipped } from './networks.ts';

const GIB = 2 ** 30;

const graphOf = async (id: string) => {
  const { file } = await shipped(id);
  return decodeModel(file, id).graph;
};

const convs = (...channels: readonly (readonly [number, number])[]): OnnxGraph =>
  rgbModel('test', {
    nodes: channels.map((_, index) =>
      node('Conv', [index === 0 ? 'rgb' : `step_${index - 1}`, `weights_${index}`], `step_${index}`, {
        kernel_shape: [3, 3],
      }),
    ),
    constants: channels.map(([into, from], index) => ({ ...floats(`weights_${index}`, []), dims: [into, from, 3, 3] })),
  }).graph;

describe('the bytes per pixel of the largest operation', () => {
  it.each([
    { does: 'a convolution to 64 channels', graph: convs([64, 3]), bytes: (3 + 64) * 4 },
    { does: 'the widest of several', graph: convs([64, 3], [128, 64], [3, 128]), bytes: (64 + 128) * 4 },
  ])('are computed for $does', ({ graph, bytes }) => {
    expect(stepBytes(graph)).toBe(bytes);
  });

  it('count enlarged pictures by their area, and concatenated channels together', () => {
    const { graph } = rgbModel('test', {
      nodes: [
        node('Resize', ['rgb', '', 'scales'], 'large', { mode: 'nearest' }),
        node('Concat', ['large', 'large'], 'both', { axis: 1 }),
        node('SpaceToDepth', ['both'], 'deep', { blocksize: 4 }),
      ],
      constants: [floats('scales', [1, 1, 4, 4], [4])],
    });
    expect(stepBytes(graph)).toBe((6 * 16 + 6 * 16) * 4);
  });

  it('are more for a larger model that ships', async () => {
    const [small, large, wide] = await Promise.all(
      ['websr-s-rl', 'websr-l-rl', 'realesr-animevideov3-4x'].map(async (id) => stepBytes(await graphOf(id))),
    );
    expect(small).toBeLessThanOrEqual(large ?? 0);
    expect(large).toBeLessThan(wide ?? 0);
    expect(wide).toBeGreaterThanOrEqual(2 * 64 * 4);
  });
});

describe('a window on a GPU', () => {
  it('grows with the memory that is free, and shrinks with the network', async () => {
    const [light, heavy] = [await graphOf('websr-s-rl'), await graphOf('realesr-animevideov3-4x')];
    expect(gpuWindowPixels(14 * GIB, heavy)).toBeGreaterThan(gpuWindowPixels(7 * GIB, heavy));
    expect(gpuWindowPixels(14 * GIB, light)).toBeGreaterThan(gpuWindowPixels(14 * GIB, heavy));
  });

  it('takes a whole 1080p frame of the slowest model that ships on a T4', async () => {
    expect(gpuWindowPixels(14 * GIB, await graphOf('realesr-animevideov3-4x'))).toBeGreaterThan(1920 * 1080);
  });

  it('never takes more than half of the free memory, and never less than 128x128 pixels', () => {
    const graph = convs([64, 3], [64, 64]);
    expect(gpuWindowPixels(8 * GIB, graph) * 2 * stepBytes(graph)).toBeLessThanOrEqual(4 * GIB);
    expect(gpuWindowPixels(0, graph)).toBe(128 * 128);
  });

  it('is 512x512 where the card does not report its memory', () => {
    expect(gpuWindowPixels(undefined, convs([64, 3]))).toBe(USUAL_GPU_WINDOW_PIXELS);
  });
});

describe('the frames of a batch on a GPU', () => {
  it.each([
    { of: '540p in 8 bits, twice as large', bytes: 960 * 540 * 1.5 * 5, pictures: 8 },
    { of: '1080p in 8 bits, twice as large', bytes: 1920 * 1080 * 1.5 * 5, pictures: 4 },
    { of: '1080p in 10 bits, four times as large', bytes: 1920 * 1080 * 3 * 17, pictures: 1 },
    { of: '4K in 10 bits, twice as large', bytes: 3840 * 2160 * 3 * 5, pictures: 1 },
  ])('are $pictures for $of, so that the process stays small', ({ bytes, pictures }) => {
    expect(gpuPictures(bytes)).toBe(pictures);
  });
});

describe('windows on a CPU', () => {
  it.each([
    { width: 480, height: 270, whole: true },
    { width: 720, height: 576, whole: false },
    { width: 1920, height: 1080, whole: false },
  ])('hold $width x $height as a whole: $whole', ({ width, height, whole }) => {
    expect(cpuWindowPixels({ width, height }) >= width * height).toBe(whole);
  });
});
