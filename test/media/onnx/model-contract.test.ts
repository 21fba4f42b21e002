import { describe, expect, it } from '@jest/globals';
import { ENLARGED, RGB, resize } from '../../../core/upscale/convert/rgb-model.ts';
import { UPSCALE_MODELS } from '../../../core/upscale/models.ts';
import { floats, node } from '../../../core/upscale/onnx-model.ts';
import { modelContract, networkRule } from '../../../media/onnx/model-contract.ts';
import { linear, type ModelAndFile, made, shipped } from './networks.ts';

const check = ({ model, file }: ModelAndFile) => modelContract({ model, file, device: 'cpu', threads: 1 });
const failing = async (network: ModelAndFile) =>
  (await check(network)).filter(({ passed }) => !passed).map(({ name }) => name);

/** Every model that ships is held to the same in upscale-models.test.ts, which takes longer. */
const QUICK = UPSCALE_MODELS.filter(({ id }) => ['websr-s-rl', 'websr-m-an'].includes(id));

describe('the contract of networks', () => {
  it.each(QUICK)('is kept by $id', async ({ id }) => {
    const checks = await check(await shipped(id));
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['halo', 'tiles yuv420p', 'tiles yuv420p10le', 'reach', 'moves', 'place', 'colour'],
    ]);
  });

  const honest = ({ model, file }: ModelAndFile): ModelAndFile => ({
    model: { ...model, halo: networkRule({ model, file }).halo },
    file,
  });
  const byCorner = { mode: 'linear', coordinate_transformation_mode: 'asymmetric' };
  const shiftedRight = resize(RGB, ENLARGED, [4, 4], byCorner);
  const darker = {
    nodes: [
      ...resize(RGB, 'large', [2, 2], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      }).nodes,
      node('Mul', ['large', 'half'], ENLARGED),
    ],
    constants: [floats('large_scales', [1, 1, 2, 2], [4]), floats('half', [0.5])],
  };
  const ofAll = {
    nodes: [
      node('GlobalAveragePool', [RGB], 'mean'),
      node('Add', [RGB, 'mean'], 'lit'),
      ...resize('lit', ENLARGED, [2, 2], byCorner).nodes,
    ],
    constants: resize('lit', ENLARGED, [2, 2], byCorner).constants,
  };
  const counting = {
    nodes: [
      node('RandomUniformLike', [RGB], 'noise', {}),
      node('Add', [RGB, 'noise'], 'noisy'),
      ...resize('noisy', ENLARGED, [2, 2], byCorner).nodes,
    ],
    constants: resize('noisy', ENLARGED, [2, 2], byCorner).constants,
  };

  it('is kept by plain interpolation', async () => {
    expect(await failing(honest(made(linear)))).toEqual([]);
  });

  it.each([
    {
      does: 'lies about how far it sees',
      network: { ...made(linear), model: { ...made(linear).model, halo: 9 } },
      fails: ['halo'],
    },
    { does: 'counts from another corner', network: honest(made(shiftedRight, 4)), fails: ['place'] },
    { does: 'makes white grey', network: honest(made(darker)), fails: ['colour'] },
    { does: 'is of another scale', network: honest(made(linear, 4)), fails: ['shape'] },
    { does: 'looks at the whole picture at once', network: made(ofAll), fails: ['shape'] },
    { does: 'does something that has no known reach', network: made(counting), fails: ['shape'] },
  ])('is not kept by one that $does', async ({ network, fails }) => {
    expect(await failing(network)).toEqual(expect.arrayContaining(fails));
  });
});
