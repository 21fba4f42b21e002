import { ServiceError } from '../../core/errors.ts';
import type { Colour } from '../../core/film/probe.ts';
import { frameBytes } from '../../core/film/raw-formats.ts';
import { type YuvFrames, yuvFrames } from '../../core/film/yuv.ts';
import type { TemporalWindow } from '../../core/upscale/models.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import type { Engines } from './engines.ts';
import { decodeModel, encodeModel } from './model-file.ts';
import type { OnnxModel } from './onnx-model.ts';
import type { SessionOptions } from './ort-session.ts';
import { type TileRule, tileRule } from './receptive-field.ts';
import { ENLARGED, RGB, resize, rgbModel } from './rgb-model.ts';
import { type Tiling, tiling, withCutting } from './tiles.ts';
import { enlargedShape, type FrameShape, openWindows, planesOf, type WindowLayout, type Windows } from './windows.ts';
import { type NetworkEnds, PLANES, planesIn, type WindowShape, yuvModel } from './yuv-model.ts';

export type UpscalerInput = SessionOptions & {
  readonly model: UsableModel;
  /** The model's file. */
  readonly file: Uint8Array;
  readonly frames: FrameShape & { readonly colour: Colour };
  /**
   * How many pixels the windows of one batch may have together, at most. Memory grows with it, and the share of halos
   * shrinks.
   */
  readonly mostPixels: number;
  /** How many whole frames one batch may hold where several fit; 1 if left out. */
  readonly mostPictures?: number;
  /** Two-byte samples enter and leave the network as pairs of bytes. */
  readonly asBytes?: boolean;
  /** A store of compiled networks; without it, onnxruntime compiles the network itself where the device needs that. */
  readonly engines?: Engines | undefined;
};

export type Upscaler = {
  /** The size and format of the frames that `enlarge` takes. */
  readonly shape: FrameShape;
  /** The size and format of the enlarged frames. */
  readonly frames: FrameShape;
  readonly frameBytes: number;
  /** How many windows one frame is cut into. */
  readonly windows: number;
  /** How many frames `enlarge` should get at once, or the temporal window of a network that looks at several frames. */
  readonly takes: { readonly pictures: number; readonly temporal: TemporalWindow | undefined };
  /**
   * Fills each array in `into` with the enlarged frame from the same index of `frames`; a frame whose entry is
   * undefined is not written. Calls may overlap: the frames of the next call are cut up while those of the last one are
   * computed.
   */
  enlarge(frames: readonly Uint8Array[], into: readonly (Uint8Array | undefined)[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a model for frames of one size and format. On a CPU the result equals, bit for bit, that of the whole frame at
 * once, whatever the size and number of windows. When a batch does not fit into memory, the number or the size of its
 * windows is halved and the same frames are computed again. Throws `bad-input` for a model and frames that do not fit,
 * `missing-tool` without the device, and `out-of-memory` if even the smallest window does not fit.
 */
export async function openUpscaler(input: UpscalerInput): Promise<Upscaler> {
  const { model, frames } = input;
  const { laidOut, open, halved } = opener(input);
  const enlarged = { ...enlargedShape(frames, model.scale), pixelFormat: frames.pixelFormat };
  let opened = await open(laidOut(input.mostPixels));
  let current = Promise.resolve(opened);
  const smaller = async (windows: Windows) => {
    await windows.close();
    opened = await open(halved(windows.layout));
    return opened;
  };
  return {
    shape: frames,
    frames: enlarged,
    frameBytes: frameBytes(enlarged.pixelFormat, enlarged.width, enlarged.height),
    get windows() {
      return opened.layout.tiling.tiles.length;
    },
    get takes() {
      return { pictures: opened.layout.pictures, temporal: model.frames };
    },
    async enlarge(given, targets) {
      if (model.frames && given.length !== model.frames.window) {
        throw new RangeError(`${model.id} takes ${model.frames.window} frames at once, not ${given.length}`);
      }
      const from = given.map((frame) => planesOf(frame, frames));
      const into = targets.map((frame) => frame && planesOf(frame, enlarged));
      for (let done = 0; done < from.length; ) {
        const using = current;
        const windows = await using;
        const next = done + windows.layout.pictures;
        const failed = await failureOf(windows.enlarge(from.slice(done, next), into.slice(done, next)));
        if (failed === undefined) {
          done = next;
          continue;
        }
        if (using !== current) continue; // another call already replaced these windows with smaller ones
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

type WindowsOpener = {
  laidOut(mostPixels: number): WindowLayout;
  open(layout: WindowLayout): Promise<Windows>;
  halved(layout: WindowLayout): WindowLayout;
};

/** Plans and opens windows, and plans half as many windows or windows half as large. */
function opener(input: UpscalerInput): WindowsOpener {
  const { model, frames, mostPictures = 1, asBytes = false } = input;
  const { rule, forWindow } = wholeModel(input);
  const { pixelFormat } = frames;
  const laidOut = (mostPixels: number): WindowLayout => {
    const { window } = model.frames ?? {};
    if (window !== undefined) return { tiling: tiling(frames, rule, mostPixels / window), pictures: window };
    const cut = tiling(frames, rule, mostPixels);
    const room = cut.tiles.length > 1 ? 1 : Math.floor(mostPixels / pixelsOf(cut));
    return { tiling: cut, pictures: Math.max(1, Math.min(mostPictures, room)) };
  };
  const halved = (layout: WindowLayout): WindowLayout => {
    const { pictures } = layout;
    if (pictures > 1 && !model.frames) return { ...layout, pictures: pictures >> 1 };
    const smaller = tiling(frames, rule, pixelsOf(layout.tiling) / 2);
    if (pixelsOf(smaller) >= pixelsOf(layout.tiling)) throw atItsSmallest(model, layout);
    return { ...layout, tiling: smaller };
  };
  const open = async (layout: WindowLayout): Promise<Windows> => {
    const opened = (network: Uint8Array) => openWindows({ ...input, network, layout, model, pixelFormat, asBytes });
    const network = forWindow({ ...layout.tiling.window, pictures: layout.pictures, asBytes });
    try {
      return (await precompiled(network, input.engines, opened)) ?? (await opened(encodeModel(network)));
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return open(halved(layout));
    }
  };
  return { laidOut, open, halved };
}

/**
 * Opens the network with its compiled engine. An engine from the store that TensorRT refuses is compiled again once.
 * Returns undefined where no engine runs.
 */
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

const atItsSmallest = ({ id }: UsableModel, { tiling: { window }, pictures }: WindowLayout) =>
  new ServiceError(
    'out-of-memory',
    `${id} does not fit into memory even with its smallest windows, ${window.width}x${window.height}${pictures > 1 ? ` of ${pictures} frames` : ''}; choose a smaller model`,
  );

const failureOf = (work: Promise<void>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The tiling rule of the whole graph, conversion of planes included, and the graph for one size of window. */
function wholeModel({ model, file, frames }: UpscalerInput) {
  const decoded = decodeModel(file, model.id);
  const yuv = yuvFrames(frames.pixelFormat, frames.colour, frames.height);
  const rule = model.cut
    ? withCutting(planesRule(...repeatingNetwork(model), yuv), model.cut)
    : planesRule(decoded, model, yuv);
  return { rule, forWindow: (window: WindowShape) => yuvModel(decoded, model, yuv, window) };
}

function planesRule(network: OnnxModel, ends: NetworkEnds, yuv: YuvFrames): TileRule {
  const { down, across } = yuv.chroma ?? { down: 1, across: 1 };
  const inputs = {
    [PLANES.in.luma]: { down: 1, across: 1 },
    [PLANES.in.chroma]: { down: 1 / down, across: 1 / across },
  };
  return tileRule(yuvModel(network, ends, yuv).graph, inputs, planesIn(yuv).out);
}

/**
 * A network that repeats pixels, in place of one whose tiling rule the model declares itself: only the conversion of
 * planes then adds to that rule.
 */
function repeatingNetwork({ scale, range }: UsableModel): [OnnxModel, NetworkEnds] {
  const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const network = rgbModel('repeating', resize(RGB, ENLARGED, [scale, scale], nearest));
  return [network, { network: { from: RGB, to: ENLARGED }, range }];
}
