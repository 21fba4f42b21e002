import { ServiceError } from '../../core/errors.ts';
import type { Colour } from '../../core/media/probe.ts';
import { frameBytes } from '../../core/media/raw-formats.ts';
import type { OnnxModel } from '../../core/upscale/onnx-model.ts';
import { tileRule } from '../../core/upscale/receptive-field.ts';
import { type Tiling, tiling } from '../../core/upscale/tiles.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import { yuvFrames } from '../../core/upscale/yuv.ts';
import { PLANES, yuvModel } from '../../core/upscale/yuv-model.ts';
import type { Engines } from './engines.ts';
import { decodeModel, encodeModel } from './model-file.ts';
import type { SessionOptions } from './ort-session.ts';
import { enlargedShape, type FrameShape, openWindows, planesOf, type Windows } from './windows.ts';

export type UpscalerInput = SessionOptions & {
  readonly model: UsableModel;
  /** The model's file. */
  readonly file: Uint8Array;
  readonly frames: FrameShape & { readonly colour: Colour };
  /** What a window may measure at most: memory grows with it, the share of halos shrinks. */
  readonly mostPixels: number;
  /** Networks that were compiled before; without, onnxruntime compiles for itself where the device needs it. */
  readonly engines?: Engines | undefined;
};

export type Upscaler = {
  /** What comes out: enlarged, and otherwise as what goes in. */
  readonly frames: FrameShape;
  readonly frameBytes: number;
  /** How many windows a frame takes. */
  readonly windows: number;
  /** Fills `into` from `frame`. Calls may overlap: then the next frame is cut up while the last one is computed. */
  enlarge(frame: Uint8Array, into: Uint8Array): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a model for frames of one size and format. On a CPU the result is, bit for bit, that of the whole frame at once,
 * whatever the windows. Where they need more memory than there is, their size is halved, and the same frame done again.
 * Throws `bad-input` for models and frames that do not fit, `missing-tool` without the device.
 */
export async function openUpscaler(input: UpscalerInput): Promise<Upscaler> {
  const { model, frames } = input;
  const { tiled, open, halved } = opener(input);
  const enlarged = { ...enlargedShape(frames, model.scale), pixelFormat: frames.pixelFormat };
  const first = await open(tiled(input.mostPixels));
  let count = first.tiling.tiles.length;
  let current = Promise.resolve(first);
  const smaller = async (windows: Windows) => {
    await windows.close();
    const opened = await open(halved(windows.tiling));
    count = opened.tiling.tiles.length;
    return opened;
  };
  return {
    frames: enlarged,
    frameBytes: frameBytes(enlarged.pixelFormat, enlarged.width, enlarged.height),
    get windows() {
      return count;
    },
    async enlarge(frame, into) {
      const [from, to] = [planesOf(frame, frames), planesOf(into, enlarged)];
      for (;;) {
        const opened = current;
        const windows = await opened;
        const failed = await failureOf(windows.enlarge(from, to));
        if (failed === undefined) return;
        if (opened !== current) continue; // another frame found out, and what this one ran on was closed
        if (!isOutOfMemory(failed)) throw failed;
        current = smaller(windows);
      }
    },
    close: () =>
      current.then(
        (windows) => windows.close(),
        () => {},
      ),
  };
}

type Opener = { tiled(mostPixels: number): Tiling; open(cut: Tiling): Promise<Windows>; halved(cut: Tiling): Tiling };

/** Opens windows, or those half as large, or half as large as those. */
function opener(input: UpscalerInput): Opener {
  const { model, frames } = input;
  const { rule, forWindow } = wholeModel(input);
  const { pixelFormat } = frames;
  const tiled = (mostPixels: number) => tiling(frames, rule, mostPixels);
  const halved = (cut: Tiling) => {
    const smaller = tiled(pixelsOf(cut) / 2);
    if (pixelsOf(smaller) >= pixelsOf(cut)) throw atItsSmallest(model, cut);
    return smaller;
  };
  const open = async (cut: Tiling): Promise<Windows> => {
    const opened = (network: Uint8Array) => openWindows({ ...input, network, tiling: cut, model, pixelFormat });
    const network = forWindow(cut.window);
    try {
      return (await precompiled(network, input.engines, opened)) ?? (await opened(encodeModel(network)));
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return open(halved(cut));
    }
  };
  return { tiled, open, halved };
}

/** Undefined where there is no engine that runs: one that was kept and is refused is compiled anew, once. */
async function precompiled(
  network: OnnxModel,
  engines: Engines | undefined,
  open: (network: Uint8Array) => Promise<Windows>,
): Promise<Windows | undefined> {
  for (const anew of [false, true]) {
    const compiled = await engines?.compiled(network, anew);
    if (!compiled) return undefined;
    try {
      return await open(compiled.network);
    } catch (error) {
      if (isOutOfMemory(error)) throw error;
      if (compiled.isNew) return undefined;
    }
  }
  return undefined;
}

const pixelsOf = ({ window }: Tiling) => window.width * window.height;

const isOutOfMemory = (error: unknown) => error instanceof ServiceError && error.code === 'out-of-memory';

const atItsSmallest = ({ id }: UsableModel, { window }: Tiling) =>
  new ServiceError(
    'out-of-memory',
    `there is no memory for ${id} even in its smallest windows, ${window.width}x${window.height}; a smaller model needs less`,
  );

const failureOf = (work: Promise<void>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The model between planes, and how its frames may be cut. */
function wholeModel({ model, file, frames }: UpscalerInput) {
  const decoded = decodeModel(file, model.id);
  const yuv = yuvFrames(frames.pixelFormat, frames.colour, frames.height);
  const { chroma } = yuv;
  const inputs = {
    [PLANES.in.luma]: { down: 1, across: 1 },
    [PLANES.in.chroma]: { down: 1 / chroma.down, across: 1 / chroma.across },
  };
  const rule = tileRule(yuvModel(decoded, model, yuv).graph, inputs, Object.values(PLANES.out));
  return { rule, forWindow: (window: { width: number; height: number }) => yuvModel(decoded, model, yuv, window) };
}
