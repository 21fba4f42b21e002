import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENLARGED, type Network, RGB, resize, rgbModel } from '../../../core/upscale/convert/rgb-model.ts';
import { UPSCALE_MODELS, type UpscaleModel } from '../../../core/upscale/models.ts';
import { encodeModel } from '../../../media/onnx/model-file.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export type ModelAndFile = { readonly model: UpscaleModel; readonly file: Uint8Array };

export async function shipped(id: string): Promise<ModelAndFile> {
  const model = UPSCALE_MODELS.find((each) => each.id === id);
  if (model?.lies.in !== 'repository') throw new Error(`no model ${id}`);
  return { model, file: await readFile(join(ROOT, model.lies.path)) };
}

/** A model of a test's own. */
export function made(network: Network, scale: 2 | 4 = 2): ModelAndFile {
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
      lies: { in: 'repository', path: 'models/test.onnx' },
      madeFrom: { package: '', integrity: '', format: 'websr', files: [] },
    },
  };
}

/** Each pixel four times. */
export const repeating = resize(RGB, ENLARGED, [2, 2], {
  mode: 'nearest',
  coordinate_transformation_mode: 'asymmetric',
  nearest_mode: 'floor',
});

/** Straight lines between the pixels. */
export const linear = resize(RGB, ENLARGED, [2, 2], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' });
