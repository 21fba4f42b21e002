import { ServiceError } from '../../core/errors.ts';
import { type AffineRow, fromRgb, toRgb, type YuvFrames } from '../../core/film/yuv.ts';
import { chromaDown, chromaUp, hasChroma } from './chroma.ts';
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
import { type SampleConversion, fromBytes, fromSamples, type GraphPart, toBytes, toSamples } from './samples.ts';

/** The tensors frames go in and come out by: luma [n, 1, h, w], chroma [n, 2, h / down, w / across], both planes. */
export const PLANES = {
  in: { luma: 'frame_luma', chroma: 'frame_chroma' },
  out: { luma: 'enlarged_luma', chroma: 'enlarged_chroma' },
} as const;

type NetworkEnds = {
  readonly network: { readonly from: string; readonly to: string };
  readonly range: { readonly black: number; readonly white: number };
};

/** Earlier opsets have other forms of the operations used here. */
const OLDEST_OPSET = 11;

/** What a network is made to fit: so many windows of one size at a time, whose sides are multiples of the chroma's steps. */
export type WindowShape = {
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  /** Samples of two bytes go in and out as bytes, the lower first: TensorRT takes no 16-bit integers. */
  readonly asBytes: boolean;
};

/**
 * The network of a model between planes of YUV as they cross the pipe, 8 to 16 bits: chroma is interpolated to luma's
 * size, RGB is never rounded and never clipped, and the planes that come out are rounded once. For any number of windows of
 * any size, unless they are given.
 */
export function yuvModel(
  model: OnnxModel,
  { network, range }: NetworkEnds,
  frames: YuvFrames,
  window?: WindowShape,
): OnnxModel {
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
  if (opset < OLDEST_OPSET) {
    throw new ServiceError('bad-input', `this model is of opset ${opset}; ${OLDEST_OPSET} or later is needed`);
  }
  const inner = subgraph(model.graph, network.from, network.to);
  const inBytes = window?.asBytes === true && frames.depth > 8;
  const parts = [
    planesToRgb(frames, toRgb(frames, range), network.from, inBytes ? fromBytes : fromSamples),
    { nodes: inner.node, constants: inner.initializer },
    rgbToPlanes(frames, fromRgb(frames, range), network.to, inBytes ? toBytes : toSamples(frames)),
  ];
  const element = frames.depth > 8 && !inBytes ? ELEMENT.uint16 : ELEMENT.uint8;
  const { in: ins, out: outs } = planesIn(frames);
  const shapes = shapesOf(frames, window, inBytes ? 2 : 1);
  return {
    ...model,
    graph: {
      ...inner,
      node: parts.flatMap(({ nodes }) => nodes),
      initializer: parts.flatMap(({ constants }) => constants),
      input: ins.map((name, i) => value(name, element, shapes[i] ?? [])),
      output: outs.map((name, i) => value(name, element, ['pictures', i + 1, `${name}_pixels`])),
      valueInfo: [],
    },
  };
}

/** The tensors of frames that have chroma, or of grey ones: luma, and then chroma. */
export const planesIn = ({ chroma }: Pick<YuvFrames, 'chroma'>) => ({
  in: chroma ? [PLANES.in.luma, PLANES.in.chroma] : [PLANES.in.luma],
  out: chroma ? [PLANES.out.luma, PLANES.out.chroma] : [PLANES.out.luma],
});

function shapesOf({ chroma = { down: 1, across: 1 } }: YuvFrames, window: WindowShape | undefined, bytes: 1 | 2) {
  if (!window) {
    return [
      ['pictures', 1, 'height', 'width'],
      ['pictures', 2, 'chroma_height', 'chroma_width'],
    ];
  }
  const { width, height, pictures } = window;
  return [
    [pictures, 1, height, width * bytes],
    [pictures, 2, height / chroma.down, (width / chroma.across) * bytes],
  ];
}

/** What lies between two tensors of a graph. Throws `bad-input` if the second does not come from the first. */
function subgraph(graph: OnnxGraph, from: string, to: string): OnnxGraph {
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

function planesToRgb(
  frames: YuvFrames,
  matrix: readonly AffineRow[],
  to: string,
  convert: SampleConversion,
): GraphPart {
  const luma = 'frame_luma_floats';
  const { chroma, ...chromaPart } = chromaAtLumaSize(frames, luma, convert);
  const parts = [convert(PLANES.in.luma, luma, 1), chromaPart];
  return {
    nodes: [
      ...parts.flatMap(({ nodes }) => nodes),
      node('Concat', [luma, ...chroma], 'frame_yuv', { axis: 1 }),
      node('Shape', ['frame_yuv'], 'frame_shape'),
      ...matrixNodes('frame_yuv', 'frame', 'frame_rgb'),
      node('Reshape', ['frame_rgb', 'frame_shape'], to),
    ],
    constants: [
      ...parts.flatMap(({ constants }) => constants),
      ...matrixConstants('frame', matrix),
      int64s('all_pixels_in_a_row', [0, 0, -1]),
    ],
  };
}

/** Grey has luma in its place, of which the matrix takes nothing. */
function chromaAtLumaSize(
  frames: YuvFrames,
  luma: string,
  convert: SampleConversion,
): GraphPart & { readonly chroma: readonly string[] } {
  if (!hasChroma(frames)) return { nodes: [], constants: [], chroma: [luma, luma] };
  const floats = convert(PLANES.in.chroma, 'frame_chroma_floats', 2);
  const large = chromaUp(frames, 'frame_chroma_floats');
  return {
    nodes: [...floats.nodes, ...large.nodes],
    constants: [...floats.constants, ...large.constants],
    chroma: [large.result],
  };
}

function rgbToPlanes(
  frames: YuvFrames,
  matrix: readonly AffineRow[],
  from: string,
  convert: SampleConversion,
): GraphPart {
  const [lumaRow, ...chromaRows] = matrix;
  const parts = [
    rowsToPlane(from, 'luma', lumaRow ? [lumaRow] : [], convert('luma_levels_clipped', PLANES.out.luma, 1)),
    ...chromaPlanes(frames, from, (small) =>
      rowsToPlane(small, 'chroma', chromaRows, convert('chroma_levels_clipped', PLANES.out.chroma, 2)),
    ),
  ];
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    constants: [
      ...parts.flatMap(({ constants }) => constants),
      floats('enlarged_least', [0]),
      floats('enlarged_most', [2 ** frames.depth - 0.5]),
    ],
  };
}

function chromaPlanes(frames: YuvFrames, from: string, planes: (small: string) => GraphPart): readonly GraphPart[] {
  if (!hasChroma(frames)) return [];
  const small = chromaDown(frames, from);
  return [small, planes(small.result)];
}

/** Rounds, as what is offset by half a level more is cut off. */
function rowsToPlane(from: string, name: 'luma' | 'chroma', rows: readonly AffineRow[], samples: GraphPart): GraphPart {
  const levels = `${name}_levels`;
  const halfMore = rows.map((row) => ({ ...row, plus: row.plus + 0.5 }));
  return {
    nodes: [
      ...matrixNodes(from, name, levels),
      node('Clip', [levels, 'enlarged_least', 'enlarged_most'], `${levels}_clipped`),
      ...samples.nodes,
    ],
    constants: [...matrixConstants(name, halfMore), ...samples.constants],
  };
}

/**
 * A matrix for every pixel, the pixels in a row: as a convolution over an area, onnxruntime would pad three channels to
 * sixteen on a CPU, and everything around it, which took twice as long as the smallest network.
 */
function matrixNodes(from: string, matrix: string, to: string): OnnxNode[] {
  return [
    node('Reshape', [from, 'all_pixels_in_a_row'], `${to}_in`),
    node('Conv', [`${to}_in`, `${matrix}_matrix`, `${matrix}_offset`], to, { kernel_shape: [1] }),
  ];
}

/** Weights and bias of such a convolution. */
function matrixConstants(name: string, rows: readonly AffineRow[]): OnnxTensor[] {
  const weights = rows.flatMap((row) => row.weights);
  const offsets = rows.map(({ plus }) => plus);
  return [floats(`${name}_matrix`, weights, [rows.length, 3, 1]), floats(`${name}_offset`, offsets, [rows.length])];
}
