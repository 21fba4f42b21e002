import { describe, expect, it } from '@jest/globals';
import {
  floats,
  int64s,
  node,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from '../../../media/onnx/onnx-model.ts';
import { tileRule } from '../../../media/onnx/receptive-field.ts';

const kernel = (size: number, more = {}) => ({ kernel_shape: [size, size], ...more });
const around = (pad: number) => ({ pads: [pad, pad, pad, pad] });
const scales = (factor: number) => floats('scales', [1, 1, factor, factor], [4]);

type Case = { does: string; nodes: OnnxNode[]; constants?: OnnxTensor[]; halo: number; align?: number };

const CASES: Case[] = [
  { does: 'a pixel by itself', nodes: [node('Relu', ['in'], 'out')], halo: 0 },
  { does: 'a 3x3 kernel', nodes: [node('Conv', ['in', 'w'], 'out', kernel(3, around(1)))], halo: 1 },
  {
    does: 'a 5x5 kernel with holes',
    nodes: [node('Conv', ['in', 'w'], 'out', kernel(5, { ...around(4), dilations: [2, 2] }))],
    halo: 4,
  },
  {
    does: 'kernels one after another',
    nodes: [
      node('Conv', ['in', 'w'], 'a', kernel(3, around(1))),
      node('Conv', ['a', 'w'], 'out', kernel(7, around(3))),
    ],
    halo: 4,
  },
  {
    does: 'the widest of branches',
    nodes: [node('Conv', ['in', 'w'], 'a', kernel(9, around(4))), node('Add', ['a', 'in'], 'out')],
    halo: 4,
  },
  {
    does: 'pixels shuffled into a larger picture',
    nodes: [node('Conv', ['in', 'w'], 'a', kernel(3, around(1))), node('DepthToSpace', ['a'], 'out', { blocksize: 2 })],
    halo: 2,
  },
  {
    does: 'a step that halves the picture, and one that doubles it',
    nodes: [
      node('Conv', ['in', 'w'], 'a', kernel(3, { ...around(1), strides: [2, 2] })),
      node('ConvTranspose', ['a', 'w'], 'out', kernel(2, { strides: [2, 2] })),
    ],
    halo: 2,
    align: 2,
  },
  {
    does: 'pixels gathered by 3x3',
    nodes: [node('SpaceToDepth', ['in'], 'a', { blocksize: 3 }), node('DepthToSpace', ['a'], 'out', { blocksize: 3 })],
    halo: 2,
    align: 3,
  },
  {
    does: 'straight lines between pixels',
    nodes: [
      node('Resize', ['in', '', 'scales'], 'out', { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }),
    ],
    constants: [scales(2)],
    halo: 2,
  },
  {
    does: 'curves between pixels',
    nodes: [
      node('Resize', ['in', '', 'scales'], 'out', { mode: 'cubic', coordinate_transformation_mode: 'half_pixel' }),
    ],
    constants: [scales(0.5)],
    halo: 2,
    align: 2,
  },
  {
    does: 'pixels in a row, and back',
    nodes: [
      node('Shape', ['in'], 'shape'),
      node('Reshape', ['in', 'row'], 'a'),
      node('Conv', ['a', 'w'], 'b', { kernel_shape: [1] }),
      node('Reshape', ['b', 'shape'], 'out'),
    ],
    constants: [int64s('row', [0, 0, -1])],
    halo: 0,
  },
];

describe('the tiling rule of a network', () => {
  it.each(CASES)('is computed for $does', ({ nodes, constants = [], halo, align = 1 }) => {
    expect(tileRule(graph(nodes, constants), { in: { down: 1, across: 1 } }, ['out'])).toEqual({ halo, align });
  });

  it.each([
    { does: 'a mean of the whole', nodes: [node('GlobalAveragePool', ['in'], 'out')], names: 'GlobalAveragePool' },
    { does: 'a picture beside another', nodes: [node('Concat', ['in', 'in'], 'out', { axis: 3 })], names: 'Concat' },
    { does: 'windows of attention', nodes: [node('Reshape', ['in', 'windows'], 'out')], names: 'Reshape' },
    {
      does: 'a size instead of a factor',
      nodes: [node('Resize', ['in', '', '', 'sizes'], 'out', { mode: 'linear' })],
      names: 'Resize',
    },
    {
      does: 'padding that finds itself',
      nodes: [node('Conv', ['in', 'w'], 'out', kernel(3, { auto_pad: 'SAME_UPPER' }))],
      names: 'auto_pad',
    },
    {
      does: 'pictures of different sizes',
      nodes: [node('DepthToSpace', ['in'], 'a', { blocksize: 2 }), node('Add', ['a', 'in'], 'out')],
      names: 'different sizes',
    },
  ])('is not guessed for $does', ({ nodes, names }) => {
    const found = () =>
      tileRule(graph(nodes, [int64s('windows', [-1, 8, 8, 3])]), { in: { down: 1, across: 1 } }, ['out']);
    expect(found).toThrow(expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(names) }));
  });
});

function graph(nodes: OnnxNode[], constants: OnnxTensor[]): OnnxGraph {
  return { name: 'test', node: nodes, initializer: constants, input: [], output: [], valueInfo: [] };
}
