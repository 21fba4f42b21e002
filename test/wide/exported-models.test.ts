import { describe, expect, it } from '@jest/globals';
import { modelContract } from '../../media/onnx/model-contract.ts';
import { exported, type ModelAndFile } from '../media/onnx/networks.ts';

const check = ({ model, file }: ModelAndFile) => modelContract({ model, file, device: 'cpu', threads: 1 });
const failing = async (network: ModelAndFile) =>
  (await check(network)).filter(({ passed }) => !passed).map(({ name }) => name);

describe('the checks of a model', () => {
  it.each([
    { name: 'swinir-x2', checks: ['tiles yuv420p', 'tiles yuv420p10le', 'reach', 'moves', 'place', 'colour'] },
    { name: 'basicvsr-pp-x4', checks: ['repeats', 'order', 'place', 'colour'] },
  ])('pass for an exported $name', async ({ name, checks }) => {
    expect(await check(await exported(name))).toMatchObject(checks.map((each) => ({ name: each, passed: true })));
  });

  it('fail for a SwinIR that declares too small a halo', async () => {
    const { model, file } = await exported('swinir-x2');
    expect(await failing({ file, model: { ...model, cut: { halo: 13, align: 8 } } })).toContain('reach');
    expect(await failing({ file, model: { ...model, cut: { halo: 23, align: 2 } } })).toEqual(['shape']);
  });
});
