import { UNTAGGED } from '../../core/film/plain-video.ts';
import type { Check } from '../../core/job/manifest.ts';
import type { UpscaleModel } from '../../core/upscale/models.ts';
import type { SessionOptions } from './ort-session.ts';
import type { TileRule } from './receptive-field.ts';
import { openUpscaler, type Upscaler } from './upscaler.ts';
import type { FrameShape } from './windows.ts';

export type ContractInput = SessionOptions & { readonly model: UpscaleModel; readonly file: Uint8Array };

export type MakeCheck = (input: ContractInput, rule: TileRule) => Promise<Check>;

/** A frame size that every model enlarges quickly. */
export const SMALL = { width: 80, height: 72, pixelFormat: 'yuv444p' } as const;

/** Enlarges one frame with a newly opened model, in windows of at most `mostPixels`. */
export function enlargedFrame(input: ContractInput, shape: FrameShape, frame: Uint8Array, mostPixels?: number) {
  const work = async (upscaler: Upscaler) => ({
    bytes: await enlargedBy(upscaler, frame),
    windows: upscaler.windows,
  });
  return withUpscaler(input, shape, work, mostPixels);
}

/** The enlarged frame. A network that looks at several frames is given copies of it, and the middle result counts. */
export async function enlargedBy(upscaler: Upscaler, frame: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(upscaler.frameBytes);
  const { pictures } = upscaler.takes;
  const into = Array.from({ length: pictures }, (_, i) => (i === pictures >> 1 ? bytes : undefined));
  const frames = into.map(() => frame);
  await upscaler.enlarge(frames, into);
  return bytes;
}

/** A limit on windows above every frame that is enlarged here, so that each goes whole. */
const WHOLE_FRAME_PIXELS = 1 << 28;

/** Opens the model, runs `work` with it, and closes it. */
export async function withUpscaler<T>(
  input: ContractInput,
  shape: FrameShape,
  work: (upscaler: Upscaler) => Promise<T>,
  mostPixels = WHOLE_FRAME_PIXELS,
): Promise<T> {
  const window = input.model.frames?.window ?? 1;
  const upscaler = await openUpscaler({
    ...input,
    frames: { ...shape, colour: UNTAGGED },
    mostPixels: mostPixels * window,
  });
  try {
    return await work(upscaler);
  } finally {
    await upscaler.close();
  }
}
