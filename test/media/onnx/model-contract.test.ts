import { describe, expect, it } from '@jest/globals';
import { UPSCALE_MODELS } from '../../../core/upscale/models.ts';
import { modelContract, networkRule } from '../../../media/onnx/model-contract.ts';
import { floats, int64s, node } from '../../../media/onnx/onnx-model.ts';
import { ENLARGED, RGB, resize } from '../../../media/onnx/rgb-model.ts';
import { averaging, linear, type ModelAndFile, made, shipped } from './networks.ts';

const check = ({ model, file }: ModelAndFile) => modelContract({ model, file, device: 'cpu', threads: 1 });
const failing = async (network: ModelAndFile) =>
  (await check(network)).filter(({ passed }) => !passed).map(({ name }) => name);

/** Every model that ships, and those that are exported, take longer: test/wide/shipped-models.test.ts and exported-models.test.ts. */
const QUICK = UPSCALE_MODELS.filter(({ id }) => ['websr-s-rl', 'websr-m-an'].includes(id));

describe('the checks of a model', () => {
  it.each(QUICK)('pass for $id', async ({ id }) => {
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

  it('pass for plain interpolation', async () => {
    expect(await failing(honest(made(linear)))).toEqual([]);
  });

  const says = ({ model, file }: ModelAndFile, said: Partial<ModelAndFile['model']>) => ({
    model: { ...model, ...said },
    file,
  });
  const blurred = {
    nodes: [
      node('AveragePool', [RGB], 'blurred', { kernel_shape: [31, 31], pads: [15, 15, 15, 15] }),
      ...resize('blurred', ENLARGED, [2, 2], byCorner).nodes,
    ],
    constants: resize('blurred', ENLARGED, [2, 2], byCorner).constants,
  };
  const ofOthers = averaging; // half of each result comes from the other frames
  const backwards = {
    nodes: [
      node('Slice', [RGB, 'last', 'before_first', 'frames', 'back'], 'reversed'),
      ...resize('reversed', ENLARGED, [2, 2], byCorner).nodes,
    ],
    constants: [
      ...[int64s('last', [-1]), int64s('before_first', [-99]), int64s('frames', [0]), int64s('back', [-1])],
      ...resize('reversed', ENLARGED, [2, 2], byCorner).constants,
    ],
  };

  it('pass for networks that declare how they are cut, or that they are not', async () => {
    const far = says(made(linear), { cut: { halo: 70, align: 4 } });
    expect(await check(far)).toMatchObject(
      ['tiles yuv420p', 'tiles yuv420p10le', 'reach', 'moves', 'place', 'colour'].map((name) => ({
        name,
        passed: true,
      })),
    );
    const whole = says(made(linear), { cut: { halo: 'whole', align: 2 } });
    expect((await check(whole)).map(({ name, passed }) => [name, passed])).toEqual([
      ['repeats', true],
      ['place', true],
      ['colour', true],
    ]);
    const several = says(made(linear), { frames: { window: 3, overlap: 1 } });
    expect(await failing(honest(several))).toEqual([]);
    expect((await check(several)).map(({ name }) => name)).toContain('order');
  });

  it.each([
    {
      does: 'sees farther than it says',
      network: says(made(blurred), { cut: { halo: 3, align: 1 } }),
      fails: ['tiles yuv420p', 'reach'],
    },
    {
      does: 'says that a picture may be cut, and looks at all of it',
      network: says(made(ofAll), { cut: { halo: 20, align: 1 } }),
      fails: ['tiles yuv420p', 'reach'],
    },
    {
      does: 'gives other bytes each time',
      network: says(made(counting), { cut: { halo: 'whole', align: 1 } }),
      fails: ['repeats'],
    },
    {
      does: 'gives frames back in another order',
      network: says(made(backwards), { cut: { halo: 'whole', align: 1 }, frames: { window: 3, overlap: 0 } }),
      fails: ['order'],
    },
    {
      does: 'makes a frame of others',
      network: says(made(ofOthers), { cut: { halo: 0, align: 1 }, frames: { window: 5, overlap: 0 } }),
      fails: ['order'],
    },
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
  ])('fail for a network that $does', async ({ network, fails }) => {
    expect(await failing(network)).toEqual(expect.arrayContaining(fails));
  });
});
