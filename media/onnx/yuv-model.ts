import { ServiceError } from '../../core/errors.ts';
import { type AffineRow, fromRgb, toRgb, type YuvFrames } from '../../core/film/yuv.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import { chromaDown, chromaUp, hasChroma } from './chroma.ts';
import {
  ELEMENT,
  floats,
  type GraphPart,
  int64s,
  node,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  value,
} from './onnx-model.ts';
import { fromBytes, fromSamples, type SampleConversion, toBytes, toSamples } from './samples.ts';

/**
 * The tensors through which frames enter and leave the graph: luma [n, 1, h, w], and both chroma planes in one [n, 2, h
 * / down, w / across].
 */
export const PLANES = {
  in: { luma: 'frame_luma', chroma: 'frame_chroma' },
  out: { luma: 'enlarged_luma', chroma: 'enlarged_chroma' },
} as const;

/** The tensors between which a model's network lies, and the values that are black and white to it. */
export type NetworkEnds = Pick<UsableModel, 'network' | 'range'>;

/** Opsets before this one define the operations used here differently. */
const OLDEST_OPSET = 11;

/**
 * The input size for which a network is prepared: so many windows of one size at a time, whose sides are multiples of
 * the chroma's steps.
 */
export type WindowShape = {
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  /**
   * Two-byte samples enter and leave as pairs of bytes, the lower byte first, because TensorRT takes no 16-bit
   * integers.
   */
  readonly asBytes: boolean;
};

/**
 * The model's network with its input and output converted to planes of YUV as they cross the pipe, in 8 to 16 bits.
 * Chroma is interpolated to luma's size, RGB is neither rounded nor clipped, and the output planes are rounded once.
 * The result takes any number of windows of any size unless `window` fixes both. Throws `bad-input` for an opset that
 * is too old, or for tensors that are not connected.
 */
export function yuvModel(
  model: OnnxModel,
  { network, range }: NetworkEnds,
  frames: YuvFrames,
  window?: WindowShape,
): OnnxModel {
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
  if (opset < OLDEST_OPSET) {
    throw new ServiceError(
      'bad-input',
      `this model has opset ${opset}, and opset ${OLDEST_OPSET} or later is needed; export it again with such an opset`,
    );
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

/** The names of the graph's tensors for frames of this kind: luma, and then chroma where the frames have chroma. */
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

/**
 * The part of a graph that computes `to` from `from`. Throws `bad-input` if `to` does not depend on `from`, or depends
 * on another input.
 */
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
    throw new ServiceError(
      'bad-input',
      `the model has no network that leads from "${from}" to "${to}" alone; name its input and its output`,
    );
  }
  return {
    ...graph,
    node: graph.node.filter((operation) => needed.has(operation)),
    initializer: graph.initializer.filter(({ name }) => names.has(name)),
  };
}

/** Up to IR version 3, a graph also lists its constants as inputs. */
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

/** Chroma as floats at luma's size. Grey frames pass luma in its place, since their matrix gives chroma no weight. */
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

/**
 * Converts RGB to the levels of one plane. Half a level is added before the fraction is cut off, so that the level is
 * rounded.
 */
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
 * Applies a 3x3 matrix to every pixel, with the pixels flattened into one row. As a convolution over a picture,
 * onnxruntime on a CPU would pad three channels to sixteen, there and in the operations around it, which took twice as
 * long as the smallest network.
 */
function matrixNodes(from: string, matrix: string, to: string): OnnxNode[] {
  return [
    node('Reshape', [from, 'all_pixels_in_a_row'], `${to}_in`),
    node('Conv', [`${to}_in`, `${matrix}_matrix`, `${matrix}_offset`], to, { kernel_shape: [1] }),
  ];
}

/** The weights and the bias that `matrixNodes` reads. */
function matrixConstants(name: string, rows: readonly AffineRow[]): OnnxTensor[] {
  const weights = rows.flatMap((row) => row.weights);
  const offsets = rows.map(({ plus }) => plus);
  return [floats(`${name}_matrix`, weights, [rows.length, 3, 1]), floats(`${name}_offset`, offsets, [rows.length])];
}
