import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import { floats, type GraphPart, node, type OnnxModel } from '../../media/onnx/onnx-model.ts';
import { ENLARGED, RGB, resize, rgbModel } from '../../media/onnx/rgb-model.ts';

const layerSchema = z.object({ name: z.string(), inputs: z.array(z.string()) });
const convolutionSchema = z.extend(layerSchema, { weights: z.array(z.number()), bias: z.array(z.number()) });
const weightsSchema = z.object({ layers: z.record(z.string(), z.union([convolutionSchema, layerSchema])) });

type WebsrConvolution = z.infer<typeof convolutionSchema>;

/** Layers of four channels that read the same inputs, and become one convolution. */
type ConvolutionGroup = {
  readonly name: string;
  readonly layers: readonly WebsrConvolution[];
  readonly sources: readonly ConvolutionGroup[];
};

/**
 * The model from the JSON of weights of a `@websr/websr` network (Anime4K's CNNs): 3x3 convolutions with CReLU between
 * them, whose last one is a 1x1 convolution over all layers before it in the larger networks. The result is added to
 * the bilinearly enlarged picture. Throws `bad-input` for anything else.
 */
export function websrModel(id: string, json: unknown): OnnxModel {
  const parsed = weightsSchema.safeParse(json);
  if (!parsed.success) throw notWebsr(id, parsed.error.message);
  const groups = groupsOf(id, Object.values(parsed.data.layers));
  const last = groups.at(-1);
  if (!last) throw notWebsr(id, 'it has no convolution');
  const bilinear = resize(RGB, 'bilinear', [2, 2], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' });
  const parts = groups.map((group) => groupPart(id, group, group === last));
  return rgbModel(id, {
    nodes: [
      ...bilinear.nodes,
      ...parts.flatMap(({ nodes }) => nodes),
      node('DepthToSpace', [last.name], 'detail', { blocksize: 2, mode: 'CRD' }),
      node('Add', ['bilinear', 'detail'], ENLARGED),
    ],
    constants: [...bilinear.constants, ...parts.flatMap(({ constants }) => constants)],
  });
}

function groupsOf(id: string, layers: readonly (WebsrConvolution | z.infer<typeof layerSchema>)[]): ConvolutionGroup[] {
  const groups: ConvolutionGroup[] = [];
  for (const layer of layers) {
    if (!('weights' in layer)) continue; // the pixel shuffle has no weights
    const previous = groups.at(-1);
    const sameInputs = previous?.layers[0]?.inputs.join() === layer.inputs.join();
    if (previous && sameInputs) {
      groups[groups.length - 1] = { ...previous, layers: [...previous.layers, layer] };
    } else {
      const sources = groups.filter((group) => group.layers.some(({ name }) => layer.inputs.includes(name)));
      const known = ['input_image', ...sources.flatMap((group) => group.layers.map(({ name }) => name))];
      if (!layer.inputs.every((input) => known.includes(input)))
        throw notWebsr(id, `${layer.name} reads an unknown layer`);
      groups.push({ name: layer.name, layers: [layer], sources });
    }
  }
  return groups;
}

function groupPart(id: string, { name, layers, sources }: ConvolutionGroup, isLast: boolean): GraphPart {
  const inputs = sources.map((source) => source.name);
  const input = inputs.length > 1 ? `${name}_inputs` : (inputs[0] ?? RGB);
  const channels = sources.reduce((sum, source) => sum + 8 * source.layers.length, 0) || 3;
  const kernel = kernelSize(id, name, layers, channels);
  const pad = (kernel - 1) / 2;
  const weights = layers.flatMap((layer) => kernelOf(layer.weights, channels, kernel));
  const constants = [
    floats(`${name}_weights`, weights, [4 * layers.length, channels, kernel, kernel]),
    floats(
      `${name}_bias`,
      layers.flatMap((layer) => layer.bias),
      [4 * layers.length],
    ),
  ];
  const used = constants.map((each) => (isLast ? each.name : `${each.name}_crelu`));
  const sum = isLast ? name : `${name}_sum`;
  return {
    nodes: [
      ...(inputs.length > 1 ? [node('Concat', inputs, input, { axis: 1 })] : []),
      ...(isLast ? [] : constants.flatMap((each) => bothSigns(each.name))),
      node('Conv', [input, ...used], sum, { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad] }),
      ...(isLast ? [] : [node('Relu', [sum], name)]),
    ],
    constants,
  };
}

/**
 * CReLU gives the positive parts of all channels, and then the negative parts. A convolution with the weights and again
 * with all signs changed computes both before one Relu, bit for bit, in a third less time; opening the model folds
 * this.
 */
function bothSigns(name: string) {
  const negative = `${name}_negative`;
  return [node('Neg', [name], negative), node('Concat', [name, negative], `${name}_crelu`, { axis: 0 })];
}

function kernelSize(id: string, name: string, layers: readonly WebsrConvolution[], channels: number): 1 | 3 {
  const padded = 4 * Math.ceil(channels / 4);
  const sizes = ([1, 3] as const).filter((size) =>
    layers.every(({ weights, bias }) => weights.length === 4 * padded * size * size && bias.length === 4),
  );
  if (!sizes[0]) throw notWebsr(id, `${name} does not have the number of weights that ${channels} channels need`);
  return sizes[0];
}

/**
 * The weights of one kernel in ONNX's order (output, channel, row, column). websr stores 4x4 matrices column by column:
 * for each group of four channels, for each kernel position from left to right and then down.
 */
function kernelOf(weights: readonly number[], channels: number, kernel: 1 | 3): number[] {
  const area = kernel * kernel;
  return Array.from({ length: 4 * channels * area }, (_, index) => {
    const output = Math.floor(index / (channels * area));
    const channel = Math.floor(index / area) % channels;
    const row = Math.floor(index / kernel) % kernel;
    const column = index % kernel;
    const matrix = Math.floor(channel / 4) * area + column * kernel + row;
    return weights[matrix * 16 + (channel % 4) * 4 + output] ?? Number.NaN;
  });
}

function notWebsr(id: string, why: string): ServiceError {
  return new ServiceError('bad-input', `${id} is not a supported websr network: ${why}`);
}
