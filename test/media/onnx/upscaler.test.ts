import { describe, expect, it } from '@jest/globals';
import { RAW_FORMATS } from '../../../core/film/raw-formats.ts';
import { frameOf, testPicture } from '../../../media/onnx/contract-pictures.ts';
import { constant, ELEMENT, floats, type GraphPart, node } from '../../../media/onnx/onnx-model.ts';
import { ENLARGED, RGB } from '../../../media/onnx/rgb-model.ts';
import { openUpscaler, type Upscaler, type UpscalerInput } from '../../../media/onnx/upscaler.ts';
import { planesOf } from '../../../media/onnx/windows.ts';
import { enlarged, type Setup, untagged, withUpscaler } from './frames.ts';
import { allocating, averaging, linear, type ModelAndFile, made, repeating, shipped, temporal } from './networks.ts';

const small = { width: 24, height: 16 };

describe('colour', () => {
  it.each([
    { pixelFormat: 'yuv420p', colour: {} },
    { pixelFormat: 'yuv420p', colour: { range: 'pc', matrix: 'bt470bg' } },
    { pixelFormat: 'yuv420p10le', colour: { matrix: 'bt2020nc' } },
    { pixelFormat: 'yuv422p10le', colour: { matrix: 'bt709' } },
    { pixelFormat: 'yuv444p12le', colour: { matrix: 'smpte240m', range: 'tv' } },
    { pixelFormat: 'yuv420p12le', colour: { range: 'pc', chromaLocation: 'topleft' } },
    { pixelFormat: 'yuv444p16le', colour: { range: 'pc' } },
    { pixelFormat: 'gray', colour: {} },
    { pixelFormat: 'gray', colour: { range: 'pc' } },
    { pixelFormat: 'gray10le', colour: { matrix: 'bt709' } },
  ] as const)(
    'gives back every level of luma in $pixelFormat, $colour, whatever the chroma',
    async ({ pixelFormat, colour }) => {
      const setup = { ...small, pixelFormat, colour };
      const frame = noise(setup);
      const [into, before] = [await enlarged(made(repeating), setup, frame), planesOf(frame, setup)[0]];
      const after = planesOf(into, enlargedShape(setup))[0];
      const wanted = after?.data.map((_, index) => {
        const [x, y] = [index % (small.width * 2), Math.floor(index / (small.width * 2))];
        return before?.data[Math.floor(y / 2) * small.width + Math.floor(x / 2)] ?? -1;
      });
      expect(after?.data).toEqual(wanted);
    },
  );

  it.each([
    { pixelFormat: 'yuv420p', colour: {}, yuv: [16, 128, 128] },
    { pixelFormat: 'yuv420p', colour: {}, yuv: [255, 0, 255] },
    { pixelFormat: 'yuv420p', colour: { range: 'pc' }, yuv: [0, 255, 3] },
    { pixelFormat: 'yuv420p10le', colour: { matrix: 'bt2020nc' }, yuv: [940, 64, 960] },
    { pixelFormat: 'yuv422p12le', colour: { chromaLocation: 'center' }, yuv: [1, 4095, 0] },
  ] as const)('keeps a plain $yuv in $pixelFormat, in gamut or out of it', async ({ pixelFormat, colour, yuv }) => {
    const setup = { ...small, pixelFormat, colour };
    const into = await enlarged(
      made(linear),
      setup,
      frameOf(setup, (plane) => yuv[plane] ?? 0),
    );
    const planes = planesOf(into, enlargedShape(setup));
    expect(planes.map(({ data }) => [Math.min(...data), Math.max(...data)])).toEqual(
      yuv.map((level) => [level, level]),
    );
  });

  it.each([
    { chromaLocation: 'left', offset: { x: 0, y: 0.5 } },
    { chromaLocation: undefined, offset: { x: 0, y: 0.5 } },
    { chromaLocation: 'center', offset: { x: 0.5, y: 0.5 } },
    { chromaLocation: 'topleft', offset: { x: 0, y: 0 } },
  ] as const)('reads and writes chroma that is sited $chromaLocation', async ({ chromaLocation, offset }) => {
    const setup = { ...small, pixelFormat: 'yuv420p16le', colour: { chromaLocation } } as const;
    const slope = (x: number, y: number) => 20_000 + 600 * x + 300 * y;
    const frame = frameOf(setup, (plane, x, y) => (plane === 0 ? 30_000 : slope(2 * x + offset.x, 2 * y + offset.y)));
    const cb = planesOf(await enlarged(made(linear), setup, frame), enlargedShape(setup))[1];
    for (let y = 4; y < 12; y++) {
      for (let x = 4; x < 20; x++) {
        const [u, v] = [(2 * x + offset.x + 0.5) / 2 - 0.5, (2 * y + offset.y + 0.5) / 2 - 0.5];
        expect(Math.abs((cb?.data[y * small.width + x] ?? 0) - slope(u, v))).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('frames', () => {
  it.each([
    { width: 1, height: 1 },
    { width: 3, height: 1 },
    { width: 5, height: 7 },
  ])('may measure $width x $height', async (size) => {
    const setup = { ...size, pixelFormat: 'yuv420p' } as const;
    const frame = frameOf(setup, (plane, x, y) => (plane === 0 ? 40 + 20 * x + 3 * y : 128));
    const luma = planesOf(await enlarged(made(repeating), setup, frame), enlargedShape(setup))[0];
    const rows = Array.from({ length: size.height }, (_, y) => luma?.data[2 * y * 2 * size.width + 2 * size.width - 1]);
    expect(rows).toEqual(rows.map((_, y) => 40 + 20 * (size.width - 1) + 3 * y));
  });

  it('may be enlarged two at a time', async () => {
    const setup = { width: 60, height: 50, pixelFormat: 'yuv420p', mostPixels: 900 } as const;
    await withUpscaler(await shipped('websr-s-rl'), setup, async (upscaler) => {
      const frames = [testPicture(setup), testPicture(setup).map((sample) => 255 - sample), noise(setup)];
      const apart: Uint8Array[] = [];
      for (const frame of frames) {
        const into = new Uint8Array(upscaler.frameBytes);
        await upscaler.enlarge([frame], [into]);
        apart.push(into);
      }
      const together = frames.map(() => new Uint8Array(upscaler.frameBytes));
      await Promise.all(frames.map((frame, index) => upscaler.enlarge([frame], [together[index]])));
      expect(together.map((each, index) => Buffer.compare(each, apart[index] ?? each))).toEqual([0, 0, 0]);
    });
  });

  it.each([
    { pixelFormat: 'yuv420p', most: 3 },
    { pixelFormat: 'yuv422p10le', most: 2 },
    { pixelFormat: 'yuv444p', most: 8 },
    { pixelFormat: 'gray12le', most: 5 },
  ] as const)('are the same in $pixelFormat if a batch has $most of them', async ({ pixelFormat, most }) => {
    const setup = { width: 33, height: 21, pixelFormat } as const;
    const network = await shipped('websr-s-rl');
    const frames = [0, 1, 2, 3, 4].map((k) => testPicture(setup).map((sample) => sample ^ k));
    const apart: Uint8Array[] = [];
    for (const frame of frames) apart.push(await enlarged(network, setup, frame));
    await withUpscaler(network, { ...setup, mostPictures: most }, async (upscaler) => {
      expect(upscaler.takes).toEqual({ pictures: most, temporal: undefined });
      const into = frames.map(() => new Uint8Array(upscaler.frameBytes));
      await upscaler.enlarge(frames, into);
      expect(into.map((each, i) => Buffer.compare(each, apart[i] ?? each))).toEqual([0, 0, 0, 0, 0]);
    });
  });

  it('go one to a batch where they are cut into windows', async () => {
    const setup = { width: 60, height: 50, pixelFormat: 'yuv420p', mostPixels: 900, mostPictures: 8 } as const;
    await withUpscaler(made(repeating), setup, async ({ takes, windows }) => {
      expect([takes.pictures, windows > 1]).toEqual([1, true]);
    });
  });

  it.each(['yuv420p10le', 'yuv422p12le', 'yuv444p16le', 'yuv420p', 'gray10le'] as const)(
    'in %s are the same where their samples go through the network as bytes',
    async (pixelFormat) => {
      const setup = { width: 35, height: 22, pixelFormat } as const;
      const network = await shipped('websr-s-rl');
      for (const frame of [testPicture(setup), noise(setup)]) {
        const asBytes = await enlarged(network, { ...setup, asBytes: true, mostPixels: 600 }, frame);
        expect(Buffer.compare(asBytes, await enlarged(network, setup, frame))).toBe(0);
      }
    },
  );

  it('of the wrong number are refused by a network that takes several', async () => {
    await withUpscaler(temporal(made(averaging), 3, 0), { ...small, pixelFormat: 'yuv420p' }, async (upscaler) => {
      const [frame, into] = [testPicture({ ...small, pixelFormat: 'yuv420p' }), new Uint8Array(upscaler.frameBytes)];
      await expect(upscaler.enlarge([frame], [into])).rejects.toThrow('takes 3 frames at once, not 1');
    });
  });

  it('of a wrong length are refused as a bug', async () => {
    await withUpscaler(made(repeating), { ...small, pixelFormat: 'yuv420p' }, async (upscaler) => {
      const into = new Uint8Array(upscaler.frameBytes);
      await expect(upscaler.enlarge([new Uint8Array(12)], [into])).rejects.toThrow(RangeError);
    });
  });

  it('stop when the network is closed', async () => {
    const network = await shipped('websr-s-rl');
    const setup = { width: 200, height: 200, pixelFormat: 'yuv420p' } as const;
    const cut = withUpscaler(network, setup, async (upscaler) => {
      const running = upscaler.enlarge([testPicture(setup)], [new Uint8Array(upscaler.frameBytes)]);
      await Promise.all([running, upscaler.close()]);
    });
    await expect(cut).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a lack of memory', () => {
  const frames = { width: 64, height: 48, pixelFormat: 'yuv444p' } as const;
  const pixels = frames.width * frames.height;

  it.each([
    { when: 'from the start', network: allocating(pixels, 27) },
    { when: 'in the middle', network: allocating(pixels, 27, 'now and then') },
  ])('$when halves the windows, and the same frames are computed again', async ({ network }) => {
    const shown = [0, 1, 2, 3].map((k) => testPicture(frames).map((sample) => sample ^ k));
    const half = { ...frames, mostPixels: pixels / 2 };
    const [wanted, windows] = await withUpscaler(made(repeating), half, async (upscaler) => [
      await Promise.all(shown.map((frame) => enlargedBy(upscaler, frame))),
      upscaler.windows,
    ]);
    await withUpscaler(made(network), frames, async (upscaler) => {
      const found = await Promise.all(shown.map((frame) => enlargedBy(upscaler, frame)));
      expect(upscaler.windows).toBe(windows);
      for (const [k, each] of found.entries()) expect(Buffer.compare(each, wanted[k] ?? Buffer.alloc(0))).toBe(0);
    });
  });

  it('makes batches smaller first', async () => {
    const setup = { ...frames, mostPictures: 4, mostPixels: 4 * pixels };
    const shown = [0, 1, 2, 3, 4].map((k) => testPicture(frames).map((sample) => sample ^ k));
    await withUpscaler(made(allocating(4 * pixels, 27)), setup, async (upscaler) => {
      expect([upscaler.takes.pictures, upscaler.windows]).toEqual([2, 1]);
      const into = shown.map(() => new Uint8Array(upscaler.frameBytes));
      await upscaler.enlarge(shown, into);
      for (const [k, frame] of shown.entries()) {
        expect(Buffer.compare(into[k] ?? frame, await enlarged(made(repeating), frames, frame))).toBe(0);
      }
    });
  });

  it('is reported with the number of frames that a network takes at once', async () => {
    const whole = temporal(made(allocating(1, 0)), 3, 1);
    const opened = withUpscaler(whole, frames, async () => {});
    await expect(opened).rejects.toMatchObject({ code: 'out-of-memory', message: expect.stringContaining('3 frames') });
  });

  it('in the middle of a film does not keep the first window from being the whole picture', async () => {
    await withUpscaler(made(allocating(pixels, 27, 'now and then')), frames, async (upscaler) => {
      expect(upscaler.windows).toBe(1);
    });
  });

  it('is an out-of-memory error where no window is small enough', async () => {
    const opened = withUpscaler(made(allocating(1, 0)), frames, async () => {});
    await expect(opened).rejects.toMatchObject({ code: 'out-of-memory', message: expect.stringContaining('smallest') });
  });
});

async function enlargedBy(upscaler: Upscaler, frame: Uint8Array): Promise<Uint8Array> {
  const into = new Uint8Array(upscaler.frameBytes);
  await upscaler.enlarge([frame], [into]);
  return into;
}

describe('openUpscaler refuses', () => {
  const whole = (network: ModelAndFile, change: Partial<UpscalerInput> = {}): UpscalerInput => ({
    ...network,
    frames: { ...small, pixelFormat: 'yuv420p', colour: untagged },
    mostPixels: 1 << 20,
    device: 'cpu',
    threads: 1,
    ...change,
  });
  const frames = { ...small, pixelFormat: 'yuv420p', colour: untagged } as const;
  const grayOnly: GraphPart = {
    nodes: [node('Conv', [RGB, 'weights'], ENLARGED, { kernel_shape: [1, 1] })],
    constants: [floats('weights', [1], [1, 1, 1, 1])],
  };
  const halves: GraphPart = {
    nodes: [node('Mul', [RGB, 'half'], ENLARGED)],
    constants: [constant('half', ELEMENT.float16, new Uint8Array([0, 0x38]), [])],
  };

  it.each([
    {
      does: 'a file that is not a model',
      file: new TextEncoder().encode('<html>404</html>'),
      says: 'not an ONNX model',
    },
    { does: 'an empty file', file: new Uint8Array(0), says: 'not an ONNX model' },
    { does: 'a network of another scale', file: made(repeating).file, scale: 4, says: 'RGB pictures 4 times as large' },
    { does: 'a network of one channel', file: made(grayOnly).file, says: 'RGB pictures 2 times as large' },
    { does: 'a network of another type', file: made(halves).file, says: 'cannot open this model' },
    {
      does: 'a network without its end',
      file: made(repeating).file,
      to: 'elsewhere',
      says: 'no network that leads from "rgb" to "elsewhere" alone',
    },
  ] as const)('$does', async ({ file, says, ...change }) => {
    const model = { ...made(repeating).model };
    const changed = {
      ...model,
      scale: 'scale' in change ? change.scale : model.scale,
      network: { ...model.network, to: 'to' in change ? change.to : model.network.to },
    };
    const opened = openUpscaler(whole({ model: changed, file }));
    await expect(opened).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(says) });
  });

  it.each(['rgb24', 'yuva420p', 'nv12'] as const)('%s frames', async (pixelFormat) => {
    const opened = openUpscaler(whole(made(repeating), { frames: { ...frames, pixelFormat } }));
    await expect(opened).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(pixelFormat) });
  });

  it('an unknown colour matrix', async () => {
    const colour = { ...untagged, matrix: 'ictcp' };
    const opened = openUpscaler(whole(made(repeating), { frames: { ...frames, colour } }));
    await expect(opened).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('ictcp') });
  });

  it.each(['cuda', 'tensorrt'] as const)(
    '%s where its libraries are not installed, instead of the processor',
    async (device) => {
      const opened = openUpscaler(whole(made(repeating), { device }));
      await expect(opened).rejects.toMatchObject({ code: 'missing-tool', message: expect.stringContaining(device) });
    },
  );
});

const enlargedShape = (setup: Setup) => ({ ...setup, width: setup.width * 2, height: setup.height * 2 });

/** Random levels, equal on every run. */
function noise(setup: Setup): Uint8Array {
  const levels = 2 ** RAW_FORMATS[setup.pixelFormat].depth;
  let state = 1;
  return frameOf(setup, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % levels;
  });
}
