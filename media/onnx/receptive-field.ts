import { ServiceError } from '../../core/errors.ts';
import { reduced } from '../../core/units.ts';
import { attributeOf, numbersOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-model.ts';

/** How a picture may be cut so that a network computes the same bits for each tile as for the whole picture. */
export type TileRule = {
  /**
   * How many pixels around a tile the network must be given, at least; infinite where it must be given the whole
   * picture.
   */
  readonly halo: number;
  /** Tiles begin at multiples of this number of pixels, and the whole picture ends at one. */
  readonly align: number;
};

type Axis = 'down' | 'across';

/**
 * The input pixels that sample `i` of a tensor depends on, along one axis: from `i / scale - before` to `i / scale +
 * after`.
 */
type ReceptiveField = { readonly scale: number; readonly before: number; readonly after: number };

/**
 * The tiling rule that follows from a graph's operations. `inputs` gives, for each input tensor of pictures, its size
 * as a fraction of the picture's: 1, or 0.5 for subsampled chroma. Throws `bad-input` for an operation whose receptive
 * field is unbounded or unknown.
 */
export function tileRule(
  graph: OnnxGraph,
  inputs: Readonly<Record<string, { readonly down: number; readonly across: number }>>,
  outputs: readonly string[],
): TileRule {
  const axes: readonly Axis[] = ['down', 'across'];
  const rules = axes.map((axis) => ruleAlong(axis, graph, inputs, outputs));
  return {
    halo: Math.max(...rules.map(({ halo }) => halo)),
    align: rules.reduce((all, { align }) => lcm(all, align), 1),
  };
}

function ruleAlong(
  axis: Axis,
  graph: OnnxGraph,
  inputs: Readonly<Record<string, Readonly<Record<Axis, number>>>>,
  outputs: readonly string[],
): TileRule {
  const fields = new Map<string, ReceptiveField>();
  for (const [name, scale] of Object.entries(inputs)) fields.set(name, { scale: scale[axis], before: 0, after: 0 });
  const shapes = new Map<string, ReceptiveField>();
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const operation of graph.node) {
    const from = operation.input.flatMap((name) => fields.get(name) ?? []);
    if (from.length === 0) continue; // the operation only combines constants
    if (operation.opType === 'Shape') {
      for (const name of operation.output) shapes.set(name, combinedField(operation, from));
      continue;
    }
    const field = fieldAfter(operation, combinedField(operation, from), { axis, constants, shapes });
    for (const name of operation.output) fields.set(name, field);
  }
  const ends = outputs.map((name) => {
    const field = fields.get(name);
    if (!field) throw new ServiceError('bad-input', `"${name}" does not depend on the picture in this model`);
    return field;
  });
  const halos = ends.map(({ before, after, scale }) => Math.max(before, after + 1 - 1 / scale));
  const divisors = [...fields.values()].map(({ scale }) => wholeDivisor(scale));
  return { halo: Math.max(0, Math.ceil(Math.max(...halos) - 1e-6)), align: divisors.reduce(lcm, 1) };
}

function combinedField({ opType }: OnnxNode, fields: readonly ReceptiveField[]): ReceptiveField {
  const scale = fields[0]?.scale ?? 1;
  if (fields.some((field) => field.scale !== scale)) throw unbounded(`${opType} of pictures of different sizes`);
  return {
    scale,
    before: Math.max(...fields.map(({ before }) => before)),
    after: Math.max(...fields.map(({ after }) => after)),
  };
}

/** Operations whose result at a place depends on the inputs at that place alone. */
const POINTWISE = new Set(
  `Abs Add BatchNormalization Cast Ceil Clip Div Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log Max
  Min Mod Mul Neg Not Pow PRelu Reciprocal Relu Round Selu Sigmoid Sign Softplus Softsign Sqrt Squeeze Sub Sum Tanh
  Transpose Unsqueeze Where`.split(/\s+/),
);

const CHANNELS = 1;

type GraphFacts = {
  readonly axis: Axis;
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** The receptive field of the tensor whose shape a `Shape` operation read, by the name of the result. */
  readonly shapes: ReadonlyMap<string, ReceptiveField>;
};

function fieldAfter(
  operation: OnnxNode,
  from: ReceptiveField,
  { axis, constants, shapes }: GraphFacts,
): ReceptiveField {
  const { opType } = operation;
  if (POINTWISE.has(opType)) return from;
  if ((opType === 'Concat' || opType === 'Split') && attributeOf(operation, 'axis')?.i === CHANNELS) return from;
  const at = axis === 'down' ? 0 : 1;
  const ints = (name: string) => attributeOf(operation, name)?.ints;
  switch (opType) {
    case 'Reshape': // flattens all pixels or restores the picture's shape; only kernels of 1 run on flattened pixels
      if (constants.get(operation.input[1] ?? '')) {
        if (constantInput(operation, 1, constants).join() === '0,0,-1') return from;
      } else if (shapes.get(operation.input[1] ?? '')?.scale === from.scale) return from;
      throw unbounded(opType);
    case 'Conv':
    case 'AveragePool':
    case 'MaxPool': {
      if (ints('kernel_shape')?.join() === '1') return from;
      const { span, padding, stride } = kernelWindow(operation, at, constants);
      return widened(from, { scale: from.scale / stride, before: padding, after: span - padding });
    }
    case 'ConvTranspose': {
      const { span, padding, stride } = kernelWindow(operation, at, constants);
      const to = from.scale * stride;
      return { scale: to, before: from.before + (span - padding) / to, after: from.after + padding / to };
    }
    case 'DepthToSpace':
    case 'SpaceToDepth': {
      const block = attributeOf(operation, 'blocksize')?.i ?? 1;
      if (opType === 'SpaceToDepth') return widened(from, { scale: from.scale / block, before: 0, after: block - 1 });
      return widened(from, { scale: from.scale * block, before: (block - 1) / block, after: 0 });
    }
    case 'Resize':
      return resized(operation, from, { at, constants });
    case 'Pad': {
      const pads = ints('pads') ?? constantInput(operation, 1, constants);
      return widened(from, { scale: from.scale, before: pads[2 + at] ?? 0, after: -(pads[2 + at] ?? 0) });
    }
    default:
      throw unbounded(opType);
  }
}

/** Adds `before` and `after`, counted in samples of the tensor that the operation reads, to its receptive field. */
function widened(from: ReceptiveField, by: { scale: number; before: number; after: number }): ReceptiveField {
  return { scale: by.scale, before: from.before + by.before / from.scale, after: from.after + by.after / from.scale };
}

function kernelWindow(operation: OnnxNode, at: number, constants: ReadonlyMap<string, OnnxTensor>) {
  const ints = (name: string) => attributeOf(operation, name)?.ints;
  const automatic = attributeOf(operation, 'auto_pad')?.s;
  if (automatic && new TextDecoder().decode(automatic) !== 'NOTSET')
    throw unbounded(`${operation.opType} with auto_pad`);
  const kernel = ints('kernel_shape')?.[at] ?? constants.get(operation.input[1] ?? '')?.dims[2 + at];
  if (kernel === undefined) throw unbounded(`${operation.opType} whose kernel's size is not said`);
  const span = (kernel - 1) * (ints('dilations')?.[at] ?? 1);
  return { span, padding: ints('pads')?.[at] ?? 0, stride: ints('strides')?.[at] ?? 1 };
}

/** How many samples an interpolation takes on either side of a place, at most. */
const TAPS: Readonly<Record<string, number>> = { nearest: 0, linear: 1, cubic: 2 };

function resized(
  operation: OnnxNode,
  from: ReceptiveField,
  { at, constants }: { at: number; constants: ReadonlyMap<string, OnnxTensor> },
): ReceptiveField {
  const text = (name: string, otherwise: string) => {
    const bytes = attributeOf(operation, name)?.s;
    return bytes ? new TextDecoder().decode(bytes) : otherwise;
  };
  const factor = constantInput(operation, 2, constants)[2 + at];
  if (!factor) throw unbounded('Resize to a size instead of by a factor');
  const scale = from.scale * factor;
  const place = text('coordinate_transformation_mode', 'half_pixel');
  const mode = text('mode', 'nearest');
  if (factor === 1) return from;
  if (mode === 'nearest' && place === 'asymmetric' && text('nearest_mode', 'round_prefer_floor') === 'floor') {
    return widened(from, { scale, before: Number.isInteger(factor) ? (factor - 1) / factor : 1, after: 0 });
  }
  if (attributeOf(operation, 'antialias')?.i) throw unbounded('Resize with antialias');
  const shift = place === 'asymmetric' ? 0 : place === 'half_pixel' ? 0.5 - 0.5 / factor : undefined;
  const taps = TAPS[mode];
  if (shift === undefined || taps === undefined) throw unbounded(`Resize, ${mode} with ${place}`);
  const radius = Math.max(1, taps);
  return widened(from, { scale, before: radius + shift, after: radius - shift });
}

function constantInput(operation: OnnxNode, index: number, constants: ReadonlyMap<string, OnnxTensor>): number[] {
  const tensor = constants.get(operation.input[index] ?? '');
  if (!tensor) throw unbounded(`${operation.opType} with a parameter that is not constant`);
  return numbersOf(tensor);
}

function wholeDivisor(scale: number): number {
  for (let divisor = 1; divisor <= 64; divisor++) {
    if (Math.abs(scale * divisor - Math.round(scale * divisor)) < 1e-6) return divisor;
  }
  throw unbounded(`a picture at ${scale} of its size`);
}

function unbounded(what: string): ServiceError {
  return new ServiceError(
    'bad-input',
    `this model cannot run in tiles that fit together: the receptive field of ${what} is unbounded or unknown here`,
  );
}

/** The least common multiple of two positive whole numbers. */
export const lcm = (a: number, b: number): number => reduced({ num: a, den: b }).num * b;
