import { attributeOf, numbersOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-model.ts';

/**
 * Good windows for a CPU: websr-l takes 1080p to 4K with 332 MB resident, against 457 MB in windows twice as large, for the
 * same CPU; and a window of the slowest model that ships takes 0.7 s of CPU, which closing waits for.
 */
const CPU_WINDOW_PIXELS = 1 << 16;
/** Up to here a picture goes whole: halos would cost a tenth of its time. websr-l has 404 MB resident at 480x270 then. */
const CPU_WHOLE_PIXELS = 1 << 17;

/** How many pixels to a window on a CPU, at most. */
export const cpuWindowPixels = ({ width, height }: { readonly width: number; readonly height: number }): number =>
  width * height <= CPU_WHOLE_PIXELS ? CPU_WHOLE_PIXELS : CPU_WINDOW_PIXELS;

/** 512x512: what fits anywhere, for a card that does not say what it has. */
export const USUAL_GPU_WINDOW_PIXELS = 1 << 18;
const MOST_PICTURES = 8;
/** Of a run's frames, before and after: in this process four times as much is held, of two runs and of what they read and fill. */
const BATCH_BYTES = 64 << 20;

/** How many whole frames to a run at most on a GPU, by the bytes of one before and after. */
export const gpuPictures = (bytes: number): number =>
  Math.max(1, Math.min(MOST_PICTURES, Math.floor(BATCH_BYTES / bytes)));

const LEAST_GPU_WINDOW_PIXELS = 1 << 14;

/** The rest is for libraries, their workspaces, and whoever else uses the card. */
const SHARE_OF_FREE = 0.5;
/** Beside the step at hand, results of earlier ones that a later step still takes. */
const STEPS_ALIVE = 2;

/**
 * How many pixels to a run to begin with on a GPU, in one window or in frames that fit as a whole. An estimate: where it is too large, the windows are halved and the same frame
 * is done again, so it errs on the large side.
 */
export function gpuWindowPixels(freeBytes: number | undefined, network: OnnxGraph): number {
  if (freeBytes === undefined) return USUAL_GPU_WINDOW_PIXELS;
  const pixels = Math.floor((freeBytes * SHARE_OF_FREE) / (STEPS_ALIVE * stepBytes(network)));
  return Math.max(LEAST_GPU_WINDOW_PIXELS, pixels);
}

const FLOAT_BYTES = 4;
const RGB_CHANNELS = 3;

/** Per pixel of a window: how many channels a tensor has, and how large its picture is. */
type TensorExtent = { readonly channels: number; readonly area: number };

/** Bytes a pixel of what the largest single step takes and gives, as floats. */
export function stepBytes({ node: steps, initializer }: OnnxGraph): number {
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const extents = new Map<string, TensorExtent>();
  const taken = (name: string) => extents.get(name) ?? { channels: RGB_CHANNELS, area: 1 };
  return steps.reduce((most, step) => {
    const whole = step.input.every((name) => name === '' || constants.has(name));
    const weights = constants.get(step.input[0] ?? '');
    if (whole && weights) {
      for (const name of step.output) constants.set(name, weights); // kept as halves, and cast
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
