import { attributeOf, numbersOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-model.ts';

/**
 * The window size for a CPU: websr-l enlarges 1080p to 4K with 332 MB resident, against 457 MB with windows twice as
 * large, for the same CPU time; and closing waits for one window, which takes 0.7 s of CPU with the slowest model that
 * ships.
 */
const CPU_WINDOW_PIXELS = 1 << 16;
/**
 * Pictures up to this size are computed whole, because halos would cost a tenth of the time. websr-l then has 404 MB
 * resident at 480x270.
 */
const CPU_WHOLE_PIXELS = 1 << 17;

/** The most pixels that a window may have on a CPU. */
export const cpuWindowPixels = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  width * height <= CPU_WHOLE_PIXELS ? CPU_WHOLE_PIXELS : CPU_WINDOW_PIXELS;

/** 512x512 pixels, which fit on any card; used for a card that does not report its free memory. */
export const USUAL_GPU_WINDOW_PIXELS = 1 << 18;
const MOST_PICTURES = 8;
/**
 * The most bytes of frames in one batch, before and after enlarging together. The process holds four times as many: two
 * batches, each with the frames it reads and the buffers it fills.
 */
const BATCH_BYTES = 64 << 20;

/**
 * How many whole frames a batch may hold on a GPU, at least 1. `bytes` is the size of one frame before and after
 * enlarging together.
 */
export const gpuPictures = (bytes: number): number =>
  Math.max(1, Math.min(MOST_PICTURES, Math.floor(BATCH_BYTES / bytes)));

const LEAST_GPU_WINDOW_PIXELS = 1 << 14;

/**
 * The share of free memory to plan with. NVIDIA's libraries, their workspaces and other users of the card take the
 * rest.
 */
const SHARE_OF_FREE = 0.5;
/**
 * How many steps' tensors are in memory at once: results of earlier steps are kept until the last step that reads them.
 */
const STEPS_ALIVE = 2;

/**
 * How many pixels the first batch on a GPU may have, in one window or in whole frames. This is an estimate that errs on
 * the large side: where the memory does not suffice, the windows are halved and the same frames are computed again.
 */
export function gpuWindowPixels(freeBytes: number | undefined, network: OnnxGraph): number {
  if (freeBytes === undefined) return USUAL_GPU_WINDOW_PIXELS;
  const pixels = Math.floor((freeBytes * SHARE_OF_FREE) / (STEPS_ALIVE * stepBytes(network)));
  return Math.max(LEAST_GPU_WINDOW_PIXELS, pixels);
}

const FLOAT_BYTES = 4;
const RGB_CHANNELS = 3;

/** The size of a tensor in relation to the window's: its channels, and its picture's area per pixel of the window. */
type TensorExtent = { readonly channels: number; readonly area: number };

/** Bytes per pixel of the window that the largest single operation reads and writes, as floats. */
export function stepBytes({ node: steps, initializer }: OnnxGraph): number {
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const extents = new Map<string, TensorExtent>();
  const taken = (name: string) => extents.get(name) ?? { channels: RGB_CHANNELS, area: 1 };
  return steps.reduce((most, step) => {
    const whole = step.input.every((name) => name === '' || constants.has(name));
    const weights = constants.get(step.input[0] ?? '');
    if (whole && weights) {
      for (const name of step.output) constants.set(name, weights); // weights that are stored as halves and cast
      return most;
    }
    const pictures = step.input.filter((name) => name !== '' && !constants.has(name)).map(taken);
    const [first = taken('')] = pictures;
    const made = extentOf(step, first, pictures, constants);
    for (const name of step.output) extents.set(name, made);
    const floats = [...pictures, made].reduce((sum, { channels, area }) => sum + channels * area, 0);
    return Math.max(most, floats * FLOAT_BYTES);
  }, RGB_CHANNELS * FLOAT_BYTES);
}

function extentOf(
  step: OnnxNode,
  from: TensorExtent,
  pictures: readonly TensorExtent[],
  constants: ReadonlyMap<string, OnnxTensor>,
): TensorExtent {
  const { channels, area } = from;
  const dims = constants.get(step.input[1] ?? '')?.dims;
  const product = (numbers: readonly number[] | undefined) => (numbers ?? []).reduce((all, each) => all * each, 1);
  switch (step.opType) {
    case 'Conv':
      return { channels: dims?.[0] ?? channels, area: area / product(attributeOf(step, 'strides')?.ints) };
    case 'ConvTranspose': {
      const groups = attributeOf(step, 'group')?.i ?? 1;
      return { channels: (dims?.[1] ?? channels) * groups, area: area * product(attributeOf(step, 'strides')?.ints) };
    }
    case 'DepthToSpace':
    case 'SpaceToDepth': {
      const block = (attributeOf(step, 'blocksize')?.i ?? 1) ** 2;
      if (step.opType === 'DepthToSpace') return { channels: channels / block, area: area * block };
      return { channels: channels * block, area: area / block };
    }
    case 'Concat':
      return { channels: pictures.reduce((sum, each) => sum + each.channels, 0), area };
    case 'Split':
      return { channels: channels / step.output.length, area };
    case 'Resize': {
      const scales = constants.get(step.input[2] ?? '');
      return { channels, area: scales ? area * product(numbersOf(scales)) : area };
    }
    default:
      return from;
  }
}
