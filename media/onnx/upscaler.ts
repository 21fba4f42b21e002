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
import { enlargedShape, type FrameShape, type WindowLayout, openWindows, planesOf, type Windows } from './windows.ts';
import { PLANES, planesIn, type WindowShape, yuvModel } from './yuv-model.ts';

export type UpscalerInput = SessionOptions & {
  readonly model: UsableModel;
  /** The model's file. */
  readonly file: Uint8Array;
  readonly frames: FrameShape & { readonly colour: Colour };
  /** What a run's windows may measure at most together: memory grows with it, the share of halos shrinks. */
  readonly mostPixels: number;
  /** Whole frames that a run takes at most, where there is room for several; 1 if left out. */
  readonly mostPictures?: number;
  /** Samples of two bytes go through the network's ends as bytes. */
  readonly asBytes?: boolean;
  /** Networks that were compiled before; without, onnxruntime compiles for itself where the device needs it. */
  readonly engines?: Engines | undefined;
};

export type Upscaler = {
  /** What goes in. */
  readonly shape: FrameShape;
  /** What comes out: enlarged, and otherwise as what goes in. */
  readonly frames: FrameShape;
  readonly frameBytes: number;
  /** How many windows a frame takes. */
  readonly windows: number;
  /** What is best given at once: so many frames of any kind or, to a network that looks at several, a temporal window. */
  readonly takes: { readonly pictures: number; readonly temporal: TemporalWindow | undefined };
  /**
   * Fills each of `into` from the frame at the same place; undefined is not wanted. Calls may overlap: then the next
   * frames are cut up while the last ones are computed.
   */
  enlarge(frames: readonly Uint8Array[], into: readonly (Uint8Array | undefined)[]): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a model for frames of one size and format. On a CPU the result is, bit for bit, that of the whole frame at once,
 * whatever the windows and however many at once. Where they need more memory than there is, their number or their size is
 * halved, and the same frames done again. Throws `bad-input` for models and frames that do not fit, `missing-tool` without
 * the device.
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
    async enlarge(given, wanted) {
      if (model.frames && given.length !== model.frames.window) {
        throw new RangeError(`${model.id} takes ${model.frames.window} frames at once, not ${given.length}`);
      }
      const from = given.map((frame) => planesOf(frame, frames));
      const into = wanted.map((frame) => frame && planesOf(frame, enlarged));
      for (let done = 0; done < from.length; ) {
        const using = current;
        const windows = await using;
        const next = done + windows.layout.pictures;
        const failed = await failureOf(windows.enlarge(from.slice(done, next), into.slice(done, next)));
        if (failed === undefined) {
          done = next;
          continue;
        }
        if (using !== current) continue; // other frames found out, and what these ran on was closed
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

/** Opens windows, or half as many, or those half as large. */
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

const atItsSmallest = ({ id }: UsableModel, { tiling: { window }, pictures }: WindowLayout) =>
  new ServiceError(
    'out-of-memory',
    `there is no memory for ${id} even in its smallest windows, ${window.width}x${window.height}${pictures > 1 ? ` of ${pictures} frames` : ''}; a smaller model needs less`,
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
  const rule = model.cut
    ? withCutting(planesRule(...repeatingNetwork(model), yuv), model.cut)
    : planesRule(decoded, model, yuv);
  return { rule, forWindow: (window: WindowShape) => yuvModel(decoded, model, yuv, window) };
}

type Ends = Pick<UsableModel, 'network' | 'range'>;

function planesRule(network: OnnxModel, ends: Ends, yuv: YuvFrames): TileRule {
  const { down, across } = yuv.chroma ?? { down: 1, across: 1 };
  const inputs = {
    [PLANES.in.luma]: { down: 1, across: 1 },
    [PLANES.in.chroma]: { down: 1 / down, across: 1 / across },
  };
  return tileRule(yuvModel(network, ends, yuv).graph, inputs, planesIn(yuv).out);
}

/** Stands for a network that says itself how pictures are cut for it: it sees nothing besides. */
function repeatingNetwork({ scale, range }: UsableModel): [OnnxModel, Ends] {
  const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const network = rgbModel('repeating', resize(RGB, ENLARGED, [scale, scale], nearest));
  return [network, { network: { from: RGB, to: ENLARGED }, range }];
}
