import { ELEMENT, floats, type GraphPart, node, type OnnxModel, value } from './onnx-model.ts';

/** The names of a network's input and output tensors in every model that is made here. Both are floats 0-1, NCHW. */
export const RGB = 'rgb';
export const ENLARGED = 'enlarged';

/**
 * A complete model around a network from `RGB` to `ENLARGED`: its input and output are uint8 NHWC RGB pictures of any
 * number and size.
 */
export function rgbModel(name: string, { nodes, constants }: GraphPart): OnnxModel {
  return {
    irVersion: 8,
    producerName: 'reelmill',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name,
      node: [
        node('Cast', ['input'], 'bytes', { to: ELEMENT.float }),
        node('Transpose', ['bytes'], 'planes', { perm: [0, 3, 1, 2] }),
        node('Mul', ['planes', 'one_255th'], RGB),
        ...nodes,
        node('Mul', [ENLARGED, 'white'], 'levels'),
        node('Clip', ['levels', 'black', 'white'], 'clipped'),
        node('Round', ['clipped'], 'rounded'),
        node('Cast', ['rounded'], 'quantised', { to: ELEMENT.uint8 }),
        node('Transpose', ['quantised'], 'output', { perm: [0, 2, 3, 1] }),
      ],
      initializer: [floats('one_255th', [1 / 255]), floats('black', [0]), floats('white', [255]), ...constants],
      input: [value('input', ELEMENT.uint8, ['pictures', 'height', 'width', 3])],
      output: [value('output', ELEMENT.uint8, ['pictures', 'enlarged_height', 'enlarged_width', 3])],
      valueInfo: [],
    },
  };
}

/** A `Resize` operation by whole factors. Its second input, a region, stays empty. */
export function resize(
  from: string,
  to: string,
  [down, across]: readonly [number, number],
  attributes: Parameters<typeof node>[3],
): GraphPart {
  const scales = `${to}_scales`;
  return {
    nodes: [node('Resize', [from, '', scales], to, attributes)],
    constants: [floats(scales, [1, 1, down, across], [4])],
  };
}
