import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ModelOrigin, UPSCALE_MODELS } from '../../../core/upscale/models.ts';
import { decodeModel, encodeModel } from '../../../media/onnx/model-file.ts';
import { openSession } from '../../../media/onnx/ort-session.ts';
import { convertModel } from '../../../scripts/convert/convert-model.ts';
import { made, repeating, shipped } from '../../media/onnx/networks.ts';
import {
  esrganNetwork,
  type Maps,
  ncnnNetwork,
  type Picture,
  pixel,
  websrNetwork,
} from '../../media/onnx/reference.ts';

const WIDTH = 7;
const HEIGHT = 5;

describe('a converted network computes what its own runtime does', () => {
  it.each([
    { does: 'one layer a stage, one detail for all colours, as in cnn-2x-s', lanes: 1, stages: 3, colours: 1 },
    { does: 'one layer a stage, the last over all, as in cnn-2x-m', lanes: 1, stages: 3, colours: 3 },
    { does: 'two layers a stage, the last over all, as in cnn-2x-l', lanes: 2, stages: 3, colours: 3 },
  ])('websr: $does', async ({ lanes, stages, colours }) => {
    const { json, run } = websrNetwork({ lanes, stages, colours }, numbers(3));
    const file = convertModel(model('websr'), [new TextEncoder().encode(JSON.stringify(json))]);
    expect(await difference(file, run)).toBeLessThanOrEqual(1);
  });

  it('ncnn: convolution, PReLU, pixel shuffle, interpolation, sum', async () => {
    const { param, bin, run } = ncnnNetwork(numbers(5));
    const file = convertModel(model('ncnn'), [new TextEncoder().encode(param), bin]);
    expect(await difference(file, run)).toBeLessThanOrEqual(1);
  });

  it("ncnn: ESRGAN's leaky ReLU, concatenation and weighted sum", async () => {
    const { param, bin, run } = esrganNetwork(numbers(4));
    const file = convertModel(model('ncnn'), [new TextEncoder().encode(param), bin]);
    expect(await difference(file, run)).toBeLessThanOrEqual(1);
  });
});

describe('a converter refuses', () => {
  const { param, bin } = ncnnNetwork(numbers(1));
  const { json } = websrNetwork({ lanes: 1, stages: 2, colours: 1 }, numbers(1));
  const layers = Object.values(json.layers);
  const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

  it.each([
    { does: 'websr: no JSON', format: 'websr', files: [text('<html>')], says: 'not JSON' },
    { does: 'websr: other JSON', format: 'websr', files: [text({ a: 1 })], says: 'not a supported websr network' },
    { does: 'websr: no layers', format: 'websr', files: [text({ layers: {} })], says: 'no convolution' },
    {
      does: 'websr: too few weights',
      format: 'websr',
      files: [text({ layers: { a: { ...layers[0], weights: [1] } } })],
      says: 'weights',
    },
    {
      does: 'websr: a layer of nothing',
      format: 'websr',
      files: [text({ layers: { b: { ...layers[1], inputs: ['x'] } } })],
      says: 'unknown layer',
    },
    { does: 'ncnn: another text', format: 'ncnn', files: [text('hello'), bin], says: '7767517' },
    { does: 'ncnn: weights cut short', format: 'ncnn', files: [text(param), bin.subarray(0, -1)], says: 'end at byte' },
    {
      does: 'ncnn: weights too many',
      format: 'ncnn',
      files: [text(param), Buffer.concat([bin, bin])],
      says: 'too many',
    },
    {
      does: 'ncnn: a layer it does not know',
      format: 'ncnn',
      files: [text(param.replace('PReLU', 'Swish')), bin],
      says: 'Swish',
    },
    {
      does: 'ncnn: an activation it does not know',
      format: 'ncnn',
      files: [text(param.replace('6=324', '6=324 9=3')), bin],
      says: 'activation 3',
    },
    {
      does: 'ncnn: weights of another type',
      format: 'ncnn',
      files: [text(param), bin.map(() => 0)],
      says: '16-bit floats',
    },
  ] as const)('$does', ({ format, files, says }) => {
    const convert = () => convertModel(model(format), files);
    expect(convert).toThrow(expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(says) }));
  });
});

describe('the models in the repository', () => {
  it.each(UPSCALE_MODELS)('$id has the listed size and hash', async ({ id, bytes, sha256 }) => {
    const { file } = await shipped(id);
    expect({ bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') }).toEqual({ bytes, sha256 });
  });

  it.each(UPSCALE_MODELS)('$id is unchanged after it was decoded and encoded', async ({ id }) => {
    const { file } = await shipped(id);
    expect(Buffer.compare(encodeModel(decodeModel(file, id)), file)).toBe(0);
  });
});

function model(format: ModelOrigin['format']) {
  const { model } = made(repeating);
  return { ...model, madeFrom: { ...model.madeFrom, format } };
}

/** The largest difference, in levels of 255. */
async function difference(file: Uint8Array, run: (picture: Picture) => Maps): Promise<number> {
  const random = numbers(9);
  const input = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => random() * 255);
  const output = await enlargedRgb(file, input);
  const wanted = run({
    width: WIDTH,
    height: HEIGHT,
    channels: [0, 1, 2].map((c) =>
      Float64Array.from({ length: WIDTH * HEIGHT }, (_, i) => (input[i * 3 + c] ?? 0) / 255),
    ),
  });
  const levels = Array.from(output, (level, index) => {
    const [x, y] = [Math.floor(index / 3) % (2 * WIDTH), Math.floor(index / (6 * WIDTH))];
    return Math.abs(level - Math.min(255, Math.max(0, 255 * pixel(wanted, index % 3, x, y))));
  });
  expect(new Set(output).size).toBeGreaterThan(100);
  return Math.max(...levels);
}

async function enlargedRgb(file: Uint8Array, input: Uint8Array): Promise<Uint8Array> {
  const session = await openSession(file, { device: 'cpu', threads: 1 });
  const buffers = { from: Uint8Array.from(input).buffer, into: new ArrayBuffer(input.length * 4) };
  const feeds = [{ name: 'input', type: 'uint8', dims: [1, HEIGHT, WIDTH, 3], offset: 0 }] as const;
  const fetches = [{ name: 'output', type: 'uint8', dims: [1, HEIGHT * 2, WIDTH * 2, 3], offset: 0 }] as const;
  const { into } = await session.run(buffers, feeds, fetches);
  await session.close();
  return new Uint8Array(into);
}

/** Random numbers from 0 to 1, equal on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
