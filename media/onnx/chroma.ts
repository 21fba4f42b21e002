import type { ChromaSiting, ChromaSteps, YuvFrames } from '../../core/film/yuv.ts';
import { floats, type GraphPart, int64s, node } from './onnx-model.ts';

type ChromaFrames = YuvFrames & { readonly chroma: ChromaSteps };

/** Whether the frames have planes of colour. */
export const hasChroma = (frames: YuvFrames): frames is ChromaFrames => frames.chroma !== undefined;

/**
 * The graph's operations that interpolate chroma linearly to luma's size, by the siting of its samples. A chroma sample
 * that lies on a luma sample is taken over unchanged.
 */
export function chromaUp(frames: ChromaFrames, from: string): GraphPart & { readonly result: string } {
  const { down, across } = frames.chroma;
  return down === 2 && across === 2 ? chromaFourfold(frames, from) : chromaResized(frames, from);
}

/**
 * The weights of the chroma samples before, at and after a position, for the two luma samples that the position
 * becomes.
 */
const COSITED = [
  [0, 1, 0],
  [0, 0.5, 0.5],
] as const;
const MIDWAY = [
  [0.25, 0.75, 0],
  [0, 0.75, 0.25],
] as const;

/**
 * Doubles both axes at once: a convolution computes the four samples that one becomes as channels, which are then put
 * side by side. The result equals that of Resize bit for bit, since all of it is exact in floats, in two fifths of its
 * time.
 */
function chromaFourfold({ siting }: Pick<YuvFrames, 'siting'>, from: string): GraphPart & { readonly result: string } {
  const [rows, columns] = ([0, 1] as const).map((axis) => (cosited(siting, axis) ? COSITED : MIDWAY));
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

function chromaResized({ chroma, siting }: ChromaFrames, from: string): GraphPart & { readonly result: string } {
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

/** Whether chroma samples lie on luma samples along an axis (0 down, 1 across) rather than between two. */
const cosited = (siting: ChromaSiting, axis: 0 | 1) => siting === 'topleft' || (siting === 'left' && axis === 1);

/**
 * The graph's operations that average RGB to chroma's size. A chroma sample between two pixels gets their mean; one
 * that lies on a pixel gets the mean of it and its neighbours, weighted 1:2:1, computed as the mean of two means.
 * Pixels outside of the picture are left out of a mean, which equals repeating the edge.
 */
export function chromaDown({ chroma, siting }: ChromaFrames, from: string): GraphPart & { readonly result: string } {
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
