import { describe, expect, it } from '@jest/globals';
import type { RawPixelFormat } from '../../core/film/raw-formats.ts';
import { UPSCALE_MODELS } from '../../core/upscale/models.ts';
import { frameOf, testPicture } from '../../media/onnx/contract-pictures.ts';
import { decodeModel } from '../../media/onnx/model-file.ts';
import { tileRule } from '../../media/onnx/receptive-field.ts';
import { planesOf } from '../../media/onnx/windows.ts';
import { enlarged, type Setup, withUpscaler } from '../media/onnx/frames.ts';
import { type ModelAndFile, shipped } from '../media/onnx/networks.ts';

/** The checks that any model must pass to be listed. */
describe.each(UPSCALE_MODELS)('$id', ({ id, scale }) => {
  const slow = id.startsWith('realesr');
  const size = slow ? { width: 74, height: 66 } : { width: 118, height: 90 };
  const smallWindow = slow ? 62 * 60 : 60 * 56;

  it.each<{ pixelFormat: RawPixelFormat; width: number }>([
    { pixelFormat: 'yuv420p', width: size.width },
    { pixelFormat: 'yuv420p10le', width: size.width - 1 },
  ])('computes the same bits in tiles as for the whole $pixelFormat frame', async ({ pixelFormat, width }) => {
    const setup = { ...size, width, pixelFormat };
    const network = await shipped(id);
    const whole = await counted(network, setup);
    const tiled = await counted(network, { ...setup, mostPixels: smallWindow, threads: 2 });
    expect(whole.windows).toBe(1);
    expect(tiled.windows).toBeGreaterThan(2);
    expect(Buffer.compare(tiled.into, whole.into)).toBe(0);
  });

  it('does not depend on pixels beyond its halo', async () => {
    const { model, file } = await shipped(id);
    const { graph } = decodeModel(file, id);
    const rule = tileRule(graph, { [model.network.from]: { down: 1, across: 1 } }, [model.network.to]);
    expect(rule).toEqual({ halo: model.halo, align: 1 });
    const setup = { ...size, pixelFormat: 'yuv444p16le' } as const;
    const [x, y] = [30, 31];
    const source = planesOf(testPicture(setup), setup);
    const other = frameOf(setup, (plane, u, v) => {
      const sample = source[plane]?.data[v * setup.width + u] ?? 0;
      return u === x && v === y ? 65_535 - sample : sample;
    });
    const big = { width: setup.width * scale, height: setup.height * scale, pixelFormat: setup.pixelFormat };
    const [before, after] = [
      await enlarged({ model, file }, setup, testPicture(setup)),
      await enlarged({ model, file }, setup, other),
    ];
    const reached = differencesOf(before, after, big).map(([u, v]) =>
      Math.max(Math.abs(Math.floor(u / scale) - x), Math.abs(Math.floor(v / scale) - y)),
    );
    expect(Math.max(...reached)).toBeLessThanOrEqual(model.halo);
    expect(Math.max(...reached)).toBeGreaterThan(model.halo / 2);
  });

  it('gives a moved result for a moved source', async () => {
    const setup = { ...size, pixelFormat: 'yuv444p' } as const;
    const source = planesOf(testPicture({ ...setup, width: setup.width + 3 }), { ...setup, width: setup.width + 3 });
    const from = (start: number) =>
      frameOf(setup, (plane, x, y) => source[plane]?.data[y * (setup.width + 3) + x + start] ?? 0);
    const network = await shipped(id);
    const [still, moved] = [await enlarged(network, setup, from(0)), await enlarged(network, setup, from(3))];
    const [width, height, margin, shift] = [setup.width * scale, setup.height * scale, 20 * scale, 3 * scale];
    for (let row = margin * width; row < (height - margin) * width; row += width) {
      const there = still.slice(row + margin + shift, row + width - margin);
      expect(Buffer.compare(moved.slice(row + margin, row + width - margin - shift), there)).toBe(0);
    }
  });

  it('keeps everything in its place', async () => {
    const setup = { ...size, pixelFormat: 'yuv444p' } as const;
    const frame = frameOf(setup, (plane, x, y) => (plane === 0 ? 120 + 60 * Math.sin(x / 4) * Math.cos(y / 5) : 128));
    const into = await enlarged(await shipped(id), setup, frame);
    const width = setup.width * scale;
    const errorAt = (dx: number, dy: number) => {
      let sum = 0;
      for (let y = 8; y < setup.height - 8; y++) {
        for (let x = 8; x < setup.width - 8; x++) {
          const at = (v: number, u: number) => into[(y * scale + v + dy) * width + x * scale + u + dx] ?? 0;
          const [a, b] = [scale / 2 - 1, scale / 2]; // the four around the pixel's centre
          sum += ((at(a, a) + at(a, b) + at(b, a) + at(b, b)) / 4 - (frame[y * setup.width + x] ?? 0)) ** 2;
        }
      }
      return sum;
    };
    const pixelsOff = (before: number, after: number) =>
      (before - after) / (2 * (before - 2 * errorAt(0, 0) + after)) / scale;
    expect(Math.abs(pixelsOff(errorAt(-1, 0), errorAt(1, 0)))).toBeLessThan(0.1);
    expect(Math.abs(pixelsOff(errorAt(0, -1), errorAt(0, 1)))).toBeLessThan(0.1);
  });
});

/** The positions at which two frames differ in luma. */
function differencesOf(before: Uint8Array, after: Uint8Array, shape: Setup): [number, number][] {
  const [a, b] = [planesOf(before, shape)[0], planesOf(after, shape)[0]];
  return Array.from(a?.data ?? []).flatMap((sample, index): [number, number][] =>
    sample === b?.data[index] ? [] : [[index % shape.width, Math.floor(index / shape.width)]],
  );
}

function counted(network: ModelAndFile, setup: Setup) {
  return withUpscaler(network, setup, async (upscaler) => {
    const into = new Uint8Array(upscaler.frameBytes);
    await upscaler.enlarge([testPicture(setup)], [into]);
    return { into, windows: upscaler.windows };
  });
}
