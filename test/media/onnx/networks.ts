import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UPSCALE_MODELS, type UpscaleModel } from '../../../core/upscale/models.ts';
import { cuttingOf, modelCard, temporalWindowOf } from '../../../media/onnx/model-card.ts';
import { decodeModel, encodeModel } from '../../../media/onnx/model-file.ts';
import { ELEMENT, floats, type GraphPart, int64s, node } from '../../../media/onnx/onnx-model.ts';
import { ENLARGED, RGB, resize, rgbModel } from '../../../media/onnx/rgb-model.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export type ModelAndFile = { readonly model: UpscaleModel; readonly file: Uint8Array };

export async function shipped(id: string): Promise<ModelAndFile> {
  const model = UPSCALE_MODELS.find((each) => each.id === id);
  if (model?.location.in !== 'repository') throw new Error(`no model ${id}`);
  return { model, file: await readFile(join(ROOT, model.location.path)) };
}

/** A network from test/fixtures/networks, with the properties that its file declares. */
export async function exported(name: string): Promise<ModelAndFile> {
  const file = await readFile(join(ROOT, 'test', 'fixtures', 'networks', `${name}.onnx`));
  const card = modelCard(decodeModel(file, name));
  const { scale = 0, from = '', to = '' } = card;
  const [cut, frames] = [cuttingOf(card), temporalWindowOf(card)];
  const { model } = made({ nodes: [], constants: [] });
  const sha256 = createHash('sha256').update(file).digest('hex');
  const ends = { network: { from, to }, bytes: file.length, sha256, location: { in: 'repository', path: '' } } as const;
  return { file, model: { ...model, id: name, scale, ...ends, ...(cut && { cut }), ...(frames && { frames }) } };
}

/** A model made for one test. */
export function made(network: GraphPart, scale: 2 | 4 = 2): ModelAndFile {
  const file = encodeModel(rgbModel('test', network));
  return {
    file,
    model: {
      id: 'test',
      version: '1',
      summary: 'a network of a test',
      scale,
      range: { black: 0, white: 1 },
      network: { from: RGB, to: ENLARGED },
      halo: 0,
      speed: 1,
      licence: 'MIT',
      bytes: file.length,
      sha256: createHash('sha256').update(file).digest('hex'),
      location: { in: 'repository', path: 'models/test.onnx' },
      madeFrom: { package: '', integrity: '', format: 'websr', files: [] },
    },
  };
}

const NEAREST = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };

/** A network that repeats each pixel four times. */
export const repeating = resize(RGB, ENLARGED, [2, 2], NEAREST);

/** A network that interpolates linearly. */
export const linear = resize(RGB, ENLARGED, [2, 2], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' });

/** The seed with which onnxruntime's first random number is below a half and the next one is not. */
const SEED = 1;

/**
 * A network that repeats pixels, but asks for 400 TB, more than a process can address, in a window with so many pixels,
 * and for far less in smaller windows. With a seed it does so in some of its batches only, and not in the first.
 */
export function allocating(pixels: number, power: number, when: 'always' | 'now and then' = 'always'): GraphPart {
  const random = { shape: [1], seed: { float: SEED } };
  return {
    nodes: [
      ...(when === 'always'
        ? [node('Identity', ['allocating_sure'], 'allocating_chance')]
        : [
            node('RandomUniform', [], 'allocating_random', random),
            node('Round', ['allocating_random'], 'allocating_chance'),
          ]),
      node('Shape', [RGB], 'allocating_shape'),
      node('ReduceProd', ['allocating_shape'], 'allocating_samples', { keepdims: 0 }),
      node('Cast', ['allocating_samples'], 'allocating_real', { to: ELEMENT.float }),
      node('Div', ['allocating_real', 'allocating_limit'], 'allocating_share'),
      node('Pow', ['allocating_share', 'allocating_power'], 'allocating_less'),
      node('Mul', ['allocating_less', 'allocating_most'], 'allocating_surely'),
      node('Mul', ['allocating_surely', 'allocating_chance'], 'allocating_by_chance'),
      node('Add', ['allocating_by_chance', 'allocating_sure'], 'allocating_floats'), // at least one
      node('Cast', ['allocating_floats'], 'allocating_count', { to: ELEMENT.int64 }),
      node('Reshape', ['allocating_count', 'allocating_one'], 'allocating_size'),
      node('Expand', ['allocating_nothing', 'allocating_size'], 'allocating_memory'),
      node('ReduceMax', ['allocating_memory'], 'allocating_zero', { keepdims: 0 }),
      node('Add', [RGB, 'allocating_zero'], 'allocated'),
      ...resize('allocated', ENLARGED, [2, 2], NEAREST).nodes,
    ],
    constants: [
      floats('allocating_limit', [3 * pixels], []),
      floats('allocating_power', [power], []),
      floats('allocating_most', [1e14], []),
      floats('allocating_nothing', [0], [1]),
      floats('allocating_sure', [1], [1]),
      int64s('allocating_one', [1]),
      ...repeating.constants,
    ],
  };
}

/**
 * A network whose result is half of each frame and half of the mean of its batch, with each pixel repeated four times.
 */
export const averaging: GraphPart = {
  nodes: [
    node('ReduceMean', [RGB], 'averaging_mean', { axes: [0], keepdims: 1 }),
    node('Add', [RGB, 'averaging_mean'], 'averaging_sum'),
    node('Mul', ['averaging_sum', 'averaging_half'], 'averaged'),
    ...resize('averaged', ENLARGED, [2, 2], NEAREST).nodes,
  ],
  constants: [floats('averaging_half', [0.5]), ...resize('averaged', ENLARGED, [2, 2], NEAREST).constants],
};

/** A model that takes several frames. */
export function temporal({ model, file }: ModelAndFile, window: number, overlap: number): ModelAndFile {
  return { file, model: { ...model, frames: { window, overlap }, cut: { halo: 0, align: 1 } } };
}
