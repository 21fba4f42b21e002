import { ServiceError } from '../../core/errors.ts';
import { constant, ELEMENT, floats, type GraphPart, node, type OnnxModel } from '../../media/onnx/onnx-model.ts';
import { ENLARGED, RGB, resize, rgbModel } from '../../media/onnx/rgb-model.ts';

type NcnnLayer = {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Single parameters, by ncnn's number of the parameter. */
  readonly parameters: ReadonlyMap<number, number>;
  /** Parameters that are lists, by ncnn's number of the parameter. */
  readonly lists: ReadonlyMap<number, readonly number[]>;
};

/**
 * The model from ncnn's files: a text that lists the layers, and a file with their weights in order, which are 16-bit
 * floats where a tag says so. Supports the layers of Real-ESRGAN's networks: the compact ones (realesr-animevideov3)
 * and ESRGAN's (x4plus). Throws `bad-input` for anything else.
 */
export function ncnnModel(id: string, param: string, weights: Uint8Array): OnnxModel {
  const layers = layersOf(id, param);
  const file = weightsReader(id, weights);
  const names = new Map<string, string>();
  const parts: GraphPart[] = [];
  for (const layer of layers) {
    const inputs = layer.inputs.map((input) => names.get(input) ?? input);
    const output = layer.outputs[0] ?? '';
    if (layer.type === 'Input') names.set(output, RGB);
    else if (layer.type === 'Split') for (const copy of layer.outputs) names.set(copy, inputs[0] ?? '');
    else {
      const to = layer === layers.at(-1) ? ENLARGED : layer.name;
      names.set(output, to);
      parts.push(layerPart(id, layer, { inputs, to, file }));
    }
  }
  file.expectEnd();
  return rgbModel(id, {
    nodes: parts.flatMap(({ nodes }) => nodes),
    constants: parts.flatMap(({ constants }) => constants),
  });
}

const MAGIC = '7767517';

/** A list's key is this minus the parameter's number, and its first value is its length. */
const LIST_KEY_BASE = -23_300;

function layersOf(id: string, param: string): NcnnLayer[] {
  const [magic, , ...lines] = param.trim().split(/\r?\n/);
  if (magic?.trim() !== MAGIC) throw notNcnn(id, `it does not begin with ${MAGIC}`);
  return lines.map((line) => {
    const [type = '', name = '', inputs, outputs, ...rest] = line.trim().split(/\s+/);
    const [ins, outs] = [Number(inputs), Number(outputs)];
    const pairs = rest.slice(ins + outs).map((pair): [number, readonly number[]] => {
      const [key, value = ''] = pair.split('=');
      return [Number(key), value.split(',').map(Number)];
    });
    return {
      type,
      name,
      inputs: rest.slice(0, ins),
      outputs: rest.slice(ins, ins + outs),
      parameters: new Map(pairs.map(([key, [value = 0]]) => [key, value])),
      lists: new Map(
        pairs.flatMap(([key, [, ...values]]) => (key <= LIST_KEY_BASE ? [[LIST_KEY_BASE - key, values] as const] : [])),
      ),
    };
  });
}

type LayerWiring = { readonly inputs: readonly string[]; readonly to: string; readonly file: WeightsReader };

function layerPart(id: string, layer: NcnnLayer, { inputs, to, file }: LayerWiring): GraphPart {
  const parameter = (number: number, otherwise = 0) => layer.parameters.get(number) ?? otherwise;
  const [from = ''] = inputs;
  switch (layer.type) {
    case 'Convolution':
      return convolution(id, layer, { inputs, to, file });
    case 'PReLU': {
      const count = parameter(0);
      const slopes = floats(`${to}_slopes`, file.floats(count), [count, 1, 1]);
      return { nodes: [node('PRelu', [from, slopes.name], to)], constants: [slopes] };
    }
    case 'PixelShuffle':
      return { nodes: [node('DepthToSpace', [from], to, { blocksize: parameter(0), mode: 'CRD' })], constants: [] };
    case 'Interp':
      return interpolation(id, layer, from, to);
    case 'BinaryOp':
      if (parameter(0) !== 0 || inputs.length !== 2) break; // 0: add
      return { nodes: [node('Add', inputs, to)], constants: [] };
    case 'Concat':
      if (parameter(0) !== 0) break; // 0: channels
      return { nodes: [node('Concat', inputs, to, { axis: 1 })], constants: [] };
    case 'Eltwise':
      if (parameter(0) !== 1 || inputs.length !== 2) break; // 1: sum
      return weightedSum(inputs, layer.lists.get(1) ?? [], to);
  }
  throw notNcnn(id, `${layer.name} is an unsupported layer of type ${layer.type}`);
}

/** The sum of all inputs, each times its weight; a missing weight is 1. */
function weightedSum(inputs: readonly string[], weights: readonly number[], to: string): GraphPart {
  const parts = inputs.map((input, i) => {
    const weight = weights[i] ?? 1;
    if (weight === 1) return { name: input, nodes: [], constants: [] };
    const [name, factor] = [`${to}_weighted_${i}`, floats(`${to}_weight_${i}`, [weight])];
    return { name, nodes: [node('Mul', [input, factor.name], name)], constants: [factor] };
  });
  const sum = node(
    'Add',
    parts.map(({ name }) => name),
    to,
  );
  return {
    nodes: [...parts.flatMap(({ nodes }) => nodes), sum],
    constants: parts.flatMap(({ constants }) => constants),
  };
}

const LEAKY_RELU = 2;

function convolution(id: string, layer: NcnnLayer, { inputs: [from = ''], to, file }: LayerWiring): GraphPart {
  const parameter = (number: number, otherwise = 0) => layer.parameters.get(number) ?? otherwise;
  const [outputs, kernel, dilation, stride, pad] = [
    parameter(0),
    parameter(1),
    parameter(2, 1),
    parameter(3, 1),
    parameter(4),
  ];
  const count = parameter(6);
  const dims = [outputs, count / (outputs * kernel * kernel), kernel, kernel];
  const halves = constant(`${to}_halves`, ELEMENT.float16, file.halves(count), dims);
  const bias = parameter(5) === 1 ? [floats(`${to}_bias`, file.floats(outputs), [outputs])] : [];
  const activation = parameter(9);
  if (activation !== 0 && activation !== LEAKY_RELU)
    throw notNcnn(id, `${layer.name} ends in activation ${activation}`);
  const made = activation === 0 ? to : `${to}_linear`;
  const [slope = 0.01] = layer.lists.get(10) ?? [];
  return {
    nodes: [
      node('Cast', [halves.name], `${to}_weights`, { to: ELEMENT.float }), // onnxruntime folds this when it opens the model
      node('Conv', [from, `${to}_weights`, ...bias.map(({ name }) => name)], made, {
        kernel_shape: [kernel, kernel],
        dilations: [dilation, dilation],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
      }),
      ...(activation === 0 ? [] : [node('LeakyRelu', [made], to, { alpha: { float: slope } })]),
    ],
    constants: [halves, ...bias],
  };
}

const NEAREST = 1;
const BILINEAR = 2;
const BICUBIC = 3;

function interpolation(id: string, layer: NcnnLayer, from: string, to: string): GraphPart {
  const factors = [layer.parameters.get(1) ?? 1, layer.parameters.get(2) ?? 1] as const;
  switch (layer.parameters.get(0)) {
    case NEAREST:
      return resize(from, to, factors, {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      });
    case BILINEAR:
      return resize(from, to, factors, { mode: 'linear', coordinate_transformation_mode: 'half_pixel' });
    case BICUBIC:
      return resize(from, to, factors, {
        mode: 'cubic',
        coordinate_transformation_mode: 'half_pixel',
        cubic_coeff_a: { float: -0.75 },
      });
    default:
      throw notNcnn(id, `${layer.name} has an unsupported kind of interpolation`);
  }
}

type WeightsReader = ReturnType<typeof weightsReader>;

/** The tag before a block of 16-bit floats; 0 stands before one of 32-bit floats. */
const HALVES = 0x01306b47;

function weightsReader(id: string, bytes: Uint8Array) {
  let offset = 0;
  const take = (length: number) => {
    if (offset + length > bytes.length) throw notNcnn(id, `its weights end at byte ${bytes.length}`);
    offset += length;
    return Uint8Array.from(bytes.subarray(offset - length, offset));
  };
  return {
    halves(count: number): Uint8Array {
      const tag = new DataView(take(4).buffer).getUint32(0, true);
      if (tag !== HALVES)
        throw notNcnn(id, `weights have the tag 0x${tag.toString(16)}; only 16-bit floats can be read`);
      return take(4 * Math.ceil(count / 2)).slice(0, 2 * count);
    },
    floats: (count: number) => new Float32Array(take(4 * count).buffer),
    expectEnd() {
      if (offset !== bytes.length) throw notNcnn(id, `its weights have ${bytes.length - offset} bytes too many`);
    },
  };
}

function notNcnn(id: string, why: string): ServiceError {
  return new ServiceError('bad-input', `${id} is not a supported ncnn network: ${why}`);
}
