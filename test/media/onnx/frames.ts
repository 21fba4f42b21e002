import type { Colour } from '../../../core/film/probe.ts';
import { openUpscaler, type Upscaler } from '../../../media/onnx/upscaler.ts';
import type { FrameShape } from '../../../media/onnx/windows.ts';
import type { ModelAndFile } from './networks.ts';

export const untagged: Colour = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};

export type Setup = FrameShape & {
  colour?: Partial<Colour>;
  mostPixels?: number;
  mostPictures?: number;
  asBytes?: boolean;
  threads?: number;
};

/** Opens a model, lets `work` use it, and closes it. */
export async function withUpscaler<T>(
  { model, file }: ModelAndFile,
  { colour, mostPixels = 1 << 20, mostPictures = 1, asBytes = false, threads = 1, ...shape }: Setup,
  work: (upscaler: Upscaler) => Promise<T>,
): Promise<T> {
  const frames = { ...shape, colour: { ...untagged, ...colour } };
  const options = { mostPixels, mostPictures, asBytes, device: 'cpu', threads } as const;
  const upscaler = await openUpscaler({ model, file, frames, ...options });
  try {
    return await work(upscaler);
  } finally {
    await upscaler.close();
  }
}

export async function enlarged(network: ModelAndFile, setup: Setup, frame: Uint8Array): Promise<Uint8Array> {
  return withUpscaler(network, setup, async (upscaler) => {
    const into = new Uint8Array(upscaler.frameBytes);
    await upscaler.enlarge([frame], [into]);
    return into;
  });
}
