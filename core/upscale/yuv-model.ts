import { ServiceError } from '../errors.ts';
import {
  ELEMENT,
  floats,
  int64s,
  node,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  value,
} from './onnx-model.ts';
import { type AffineRow, type ChromaSiting, fromRgb, toRgb, type YuvFrames } from './yuv.ts';

/** The tensors frames go in and come out by: luma [1, 1, h, w], chroma [1, 2, h / down, w / across], both planes. */
export const PLANES = {
  in: { luma: 'frame_luma', chroma: 'frame_chroma' },
  out: { luma: 'enlarged_luma', chroma: 'enlarged_chroma' },
} as const;

type Network = {
  readonly network: { readonly from: string; readonly to: string };
  readonly range: { readonly black: number; readonly white: number };
};

type Part = { readonly nodes: readonly OnnxNode[]; readonly constants: readonly OnnxTensor[] };

/** Earlier opsets have other forms of the operations used here. */
const OLDEST_OPSET = 11;

/**
 * The network of a model between planes of YUV as they cross the pipe, 8 to 16 bits: chroma is interpolated to luma's
 * size, RGB is never rounded and never clipped, and the planes that come out are rounded once. For windows of any size,
 * unless one is given; then for one at a time. Its sizes must be multiples of the chroma's steps.
 */
export function yuvModel(
  model: OnnxModel,
  { network, range }: Network,
  frames: YuvFrames,
  window?: { readonly width: number; readonly height: number },
): OnnxModel {
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
  if (opset < OLDEST_OPSET) {
    throw new ServiceError('bad-input', `this model is of opset ${opset}; ${OLDEST_OPSET} or later is needed`);
  }
  const inner = between(model.graph, network.from, network.to);
  const parts = [
    planesToRgb(frames, toRgb(frames, range), network.from),
    { nodes: inner.node, constants: inner.initializer },
    rgbToPlanes(frames, fromRgb(frames, range), network.to),
  ];
  const element = frames.depth > 8 ? ELEMENT.uint16 : ELEMENT.uint8;
  const { in: ins, out: outs } = PLANES;
  const shapes = shapesOf(frames, window);
  return {
    ...model,
    graph: {
      ...inner,
      node: parts.flatMap(({ nodes }) => nodes),
      initializer: parts.flatMap(({ constants }) => constants),
      input: [value(ins.luma, element, shapes.luma), value(ins.chroma, element, shapes.chroma)],
      output: [
        value(outs.luma, element, ['pictures', 1, 'enlarged_pixels']),
        value(outs.chroma, element, ['pictures', 2, 'enlarged_chroma_pixels']),
      ],
      valueInfo: [],
    },
  };
}

function shapesOf({ chroma }: YuvFrames, window: { readonly width: number; readonly height: number } | undefined) {
  if (!window) {
    return { luma: ['pictures', 1, 'height', 'width'], chroma: ['pictures', 2, 'chroma_height', 'chroma_width'] };
  }
  const { width, height } = window;
  return { luma: [1, 1, height, width], chroma: [1, 2, height / chroma.down, width / chroma.across] };
}

/** What lies between two tensors of a graph. Throws `bad-input` if the second does not come from the first. */
function between(graph: OnnxGraph, from: string, to: string): OnnxGraph {
  const makers = new Map(graph.node.flatMap((operation) => operation.output.map((name) => [name, operation] as const)));
  const needed = new Set<OnnxNode>();
  const names = new Set<string>([to]);
  for (const name of names) {
    const maker = name === from ? undefined : makers.get(name);
    if (!maker) continue;
    needed.add(maker);
    for (const input of maker.input) names.add(input);
  }
  const foreign = graph.input.find(({ name }) => name !== from && names.has(name) && !isConstant(graph, name));
  if (needed.size === 0 || !names.has(from) || foreign) {
    throw new ServiceError('bad-input', `the model has no network from "${from}" to "${to}"`);
  }
  return {
    ...graph,
    node: graph.node.filter((operation) => needed.has(operation)),
    initializer: graph.initializer.filter(({ name }) => names.has(name)),
  };
}

/** Up to IR version 3, constants were inputs too. */
const isConstant = (graph: OnnxGraph, name: string) => graph.initializer.some((tensor) => tensor.name === name);

function planesToRgb(frames: YuvFrames, matrix: readonly AffineRow[], to: string): Part {
  const { luma, chroma } = PLANES.in;
  const enlarged = chromaUp(frames, 'frame_chroma_floats');
  return {
    nodes: [
      node('Cast', [luma], 'frame_luma_floats', { to: ELEMENT.float }),
      node('Cast', [chroma], 'frame_chroma_floats', { to: ELEMENT.float }),
      ...enlarged.nodes,
      node('Concat', ['frame_luma_floats', enlarged.result], 'frame_yuv', { axis: 1 }),
      node('Shape', ['frame_yuv'], 'frame_shape'),
      ...converted('frame_yuv', 'frame', 'frame_rgb'),
      node('Reshape', ['frame_rgb', 'frame_shape'], to),
    ],
    constants: [...enlarged.constants, ...affine('frame', matrix), int64s('all_pixels_in_a_row', [0, 0, -1])],
  };
}

/** Linear, each axis by where the samples lie: a sample on a luma sample is that sample's. */
function chromaUp(frames: YuvFrames, from: string): Part & { readonly result: string } {
  const { down, across } = frames.chroma;
  return down === 2 && across === 2 ? chromaFourfold(frames, from) : chromaResized(frames, from);
}

/** What the samples before, at and after a chroma sample add to the two luma samples that it becomes. */
const COSITED = [
  [0, 1, 0],
  [0, 0.5, 0.5],
] as const;
const BETWEEN = [
  [0.25, 0.75, 0],
  [0, 0.75, 0.25],
] as const;

/**
 * Both axes at once, the four samples that one becomes as channels that are then put side by side: what Resize gives, bit for
 * bit, as all of it is exact in floats, in two fifths of its time.
 */
function chromaFourfold({ siting }: YuvFrames, from: string): Part & { readonly result: string } {
  const [rows, columns] = ([0, 1] as const).map((axis) => (cosited(siting, axis) ? COSITED : BETWEEN));
  const kernels = (rows ?? []).flatMap((row) =>
    (columns ?? []).flatMap((column) => row.flatMap((above) => column.map((beside) => above * beside))),
  );
  const [padded, phases, result] = ['frame_chroma_padded', 'frame_chroma_phases', 'frame_chroma_large'];
  return {
    nodes: [
      node('Pad', [from, 'frame_chroma_pads'], padded, { mode: 'edge' }),
      node('Conv', [padded, 'frame_chroma_kernels'], phases, { kernel_shape: [3, 3], group: 2 }),
      node('DepthToSpace', [phases], result, { blocksize: 2, mode: 'CRD' }),
    ],
    constants: [
      int64s('frame_chroma_pads', [0, 0, 1, 1, 0, 0, 1, 1]),
      floats('frame_chroma_kernels', [...kernels, ...kernels], [8, 1, 3, 3]),
    ],
    result,
  };
}

function chromaResized({ chroma, siting }: YuvFrames, from: string): Part & { readonly result: string } {
  const axes = ([0, 1] as const).filter((axis) => (axis === 0 ? chroma.down : chroma.across) === 2);
  let result = from;
  const parts = axes.map((axis) => {
    const [input, scales] = [result, `frame_chroma_scales_${axis}`];
    result = `frame_chroma_${axis}`;
    const resize = node('Resize', [input, '', scales], result, {
      mode: 'linear',
      coordinate_transformation_mode: cosited(siting, axis) ? 'asymmetric' : 'half_pixel',
    });
    return { resize, constant: floats(scales, axis === 0 ? [1, 1, 2, 1] : [1, 1, 1, 2], [4]) };
  });
  return { nodes: parts.map(({ resize }) => resize), constants: parts.map(({ constant }) => constant), result };
}

/** Whether a chroma sample lies on a luma sample along an axis (0 down, 1 across), or between two. */
const cosited = (siting: ChromaSiting, axis: 0 | 1) => siting === 'topleft' || (siting === 'left' && axis === 1);

function rgbToPlanes(frames: YuvFrames, matrix: readonly AffineRow[], from: string): Part {
  const { luma, chroma } = PLANES.out;
  const [lumaRow, ...chromaRows] = matrix;
  const small = chromaDown(frames, from);
  const element = frames.depth > 8 ? ELEMENT.uint16 : ELEMENT.uint8;
  const rounded = (name: string, to: string) => [
    node('Clip', [name, 'enlarged_least', 'enlarged_most'], `${name}_clipped`),
    node('Cast', [`${name}_clipped`], to, { to: element }), // a cast cuts off, so the offsets have half a level in them
  ];
  const halfMore = (rows: readonly AffineRow[]) => rows.map((row) => ({ ...row, plus: row.plus + 0.5 }));
  return {
    nodes: [
      ...converted(from, 'luma', 'luma_levels'),
      ...rounded('luma_levels', luma),
      ...small.nodes,
      ...converted(small.result, 'chroma', 'chroma_levels'),
      ...rounded('chroma_levels', chroma),
    ],
    constants: [
      ...affine('luma', halfMore(lumaRow ? [lumaRow] : [])),
      ...affine('chroma', halfMore(chromaRows)),
      floats('enlarged_least', [0]),
      floats('enlarged_most', [2 ** frames.depth - 0.5]),
    ],
  };
}

/**
 * RGB averaged to chroma's size: between two samples their mean; on a sample it and its neighbours, 1:2:1, as the mean
 * of two means. What lies outside of the picture is left out of a mean, which is to repeat the edge.
 */
function chromaDown({ chroma, siting }: YuvFrames, from: string): Part & { readonly result: string } {
  const axes = ([0, 1] as const).map((axis) => {
    if ((axis === 0 ? chroma.down : chroma.across) === 1) return { first: 1, stride: 1, pad: 0, second: 1 };
    if (!cosited(siting, axis)) return { first: 2, stride: 2, pad: 0, second: 1 };
    return { first: 2, stride: 1, pad: 1, second: 2 };
  });
  const [first, second] = [axes.map((axis) => axis.first), axes.map((axis) => axis.second)];
  const pools = [
    { kernel_shape: first, strides: axes.map(({ stride }) => stride), pads: [...axes.map(({ pad }) => pad), 0, 0] },
    { kernel_shape: second, strides: second },
  ].filter(({ kernel_shape }) => kernel_shape.includes(2));
  const names = [from, ...pools.map((_, index) => `enlarged_mean_${index}`)];
  const nodes = pools.map((pool, index) =>
    node('AveragePool', names.slice(index, index + 1), names[index + 1] ?? '', pool),
  );
  return { nodes, constants: [], result: names.at(-1) ?? from };
}

/**
 * A matrix for every pixel, the pixels in a row: as a convolution over an area, onnxruntime would pad three channels to
 * sixteen on a CPU, and everything around it, which took twice as long as the smallest network.
 */
function converted(from: string, matrix: string, to: string): OnnxNode[] {
  return [
    node('Reshape', [from, 'all_pixels_in_a_row'], `${to}_in`),
    node('Conv', [`${to}_in`, `${matrix}_matrix`, `${matrix}_offset`], to, { kernel_shape: [1] }),
  ];
}

/** Weights and bias of such a convolution. */
function affine(name: string, rows: readonly AffineRow[]): OnnxTensor[] {
  const weights = rows.flatMap((row) => row.weights);
  const offsets = rows.map(({ plus }) => plus);
  return [floats(`${name}_matrix`, weights, [rows.length, 3, 1]), floats(`${name}_offset`, offsets, [rows.length])];
}
