import type { YuvFrames } from '../../core/film/yuv.ts';
import { ELEMENT, floats, type GraphPart, int64s, node } from './onnx-model.ts';

/**
 * Operations that convert a tensor of samples to floats, or whole floats in flattened pixels to samples. `planes` is
 * the number of planes in the tensor.
 */
export type SampleConversion = (from: string, to: string, planes: 1 | 2) => GraphPart;

/** Makes floating-point numbers of the samples of a plane. */
export const fromSamples: SampleConversion = (from, to) => ({
  nodes: [node('Cast', [from], to, { to: ELEMENT.float })],
  constants: [],
});

/** The cast to integers cuts off the fraction. */
export const toSamples =
  ({ depth }: YuvFrames): SampleConversion =>
  (from, to) => ({
    nodes: [node('Cast', [from], to, { to: depth > 8 ? ELEMENT.uint16 : ELEMENT.uint8 })],
    constants: [],
  });

/** Converts pairs of bytes to samples; exact, since 32-bit floats hold all whole numbers up to 2^24. */
export const fromBytes: SampleConversion = (from, to, planes) => ({
  nodes: [
    node('Cast', [from], `${to}_bytes`, { to: ELEMENT.float }),
    node('Conv', [`${to}_bytes`, `${to}_weights`], to, { kernel_shape: [1, 2], strides: [1, 2], group: planes }),
  ],
  constants: [floats(`${to}_weights`, planes === 1 ? [1, 256] : [1, 256, 1, 256], [planes, 1, 1, 2])],
});

/** Makes two bytes of each sample with more than 8 bits, the lower one first, since not all engines return 16-bit numbers. */
export const toBytes: SampleConversion = (from, to) => {
  const each = (name: string) => `${to}_${name}`;
  return {
    nodes: [
      node('Floor', [from], each('whole')),
      node('Mul', [each('whole'), each('one_256th')], each('shifted')),
      node('Floor', [each('shifted')], each('upper')),
      node('Mul', [each('upper'), each('256')], each('rest')),
      node('Sub', [each('whole'), each('rest')], each('lower')),
      node('Reshape', [each('lower'), each('beside')], each('lower_beside')),
      node('Reshape', [each('upper'), each('beside')], each('upper_beside')),
      node('Concat', [each('lower_beside'), each('upper_beside')], each('pairs'), { axis: 3 }),
      node('Reshape', [each('pairs'), each('in_a_row')], each('floats')),
      node('Cast', [each('floats')], to, { to: ELEMENT.uint8 }),
    ],
    constants: [
      floats(each('one_256th'), [1 / 256]),
      floats(each('256'), [256]),
      int64s(each('beside'), [0, 0, -1, 1]),
      int64s(each('in_a_row'), [0, 0, -1]),
    ],
  };
};
