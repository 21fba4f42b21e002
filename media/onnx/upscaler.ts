import PQueue from 'p-queue';
import { ServiceError } from '../../core/errors.ts';
import type { Colour } from '../../core/media/probe.ts';
import { frameBytes, planeRanges, planeSize, RAW_FORMATS, type RawPixelFormat } from '../../core/media/raw-formats.ts';
import type { UpscaleModel } from '../../core/upscale/models.ts';
import { tileRule } from '../../core/upscale/receptive-field.ts';
import { cutOut, type Plane, putIn, scaled, type Tile, tiling } from '../../core/upscale/tiles.ts';
import { yuvFrames } from '../../core/upscale/yuv.ts';
import { PLANES, yuvModel } from '../../core/upscale/yuv-model.ts';
import { decodeModel, encodeModel } from './model-file.ts';
import { type OrtSession, openSession, type RunBuffers, type SessionOptions, type TensorView } from './ort-session.ts';

type FrameShape = { readonly width: number; readonly height: number; readonly pixelFormat: RawPixelFormat };

export type UpscalerInput = SessionOptions & {
  readonly model: UpscaleModel;
  /** The model's file. */
  readonly file: Uint8Array;
  readonly frames: FrameShape & { readonly colour: Colour };
  /** What a window may measure at most: memory grows with it, the share of halos shrinks. */
  readonly mostPixels: number;
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
 * A good `mostPixels` for a CPU: websr-l takes 1080p to 4K with 279 MB resident, against 573 MB in windows four times as
 * large, for the same CPU; and a window of the slowest model that ships takes 0.7 s of CPU, which closing waits for.
 */
export const CPU_WINDOW_PIXELS = 1 << 16;

/**
 * Opens a model for frames of one size and format. On a CPU the result is, bit for bit, that of the whole frame at once,
 * whatever the windows. Throws `bad-input` for models and frames that do not fit, `missing-tool` without the device.
 */
export async function openUpscaler(input: UpscalerInput): Promise<Upscaler> {
  const { model, frames } = input;
  const whole = wholeModel(input);
  const { window, tiles } = tiling(frames, whole.rule, input.mostPixels);
  const session = await openSession(encodeModel(whole.forWindow(window)), input);
  const run = windowRunner(session, { ...window, pixelFormat: frames.pixelFormat }, model.scale);
  await tried(run, model).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  const enlarged = { ...enlargedShape(frames, model.scale), pixelFormat: frames.pixelFormat };
  return {
    frames: enlarged,
    frameBytes: frameBytes(enlarged.pixelFormat, enlarged.width, enlarged.height),
    windows: tiles.length,
    async enlarge(frame, into) {
      const [from, to] = [planesOf(frame, frames), planesOf(into, enlarged)];
      await Promise.all(tiles.map((tile) => run(tile, from, to)));
    },
    close: () => session.close(),
  };
}

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

const enlargedShape = ({ width, height }: { width: number; height: number }, scale: number) => ({
  width: width * scale,
  height: height * scale,
});

type RunTile = (tile: Tile, from: readonly Plane[], into: readonly Plane[]) => Promise<void>;

/** While one window is computed, the next is cut out and the last one put in its place. */
const WINDOWS_AT_ONCE = 2;

function windowRunner(session: OrtSession, window: FrameShape, scale: number): RunTile {
  const made = { ...enlargedShape(window, scale), pixelFormat: window.pixelFormat };
  const bytes = [window, made].map((shape) => frameBytes(shape.pixelFormat, shape.width, shape.height));
  const [feeds, fetches] = [views(window, PLANES.in, false), views(made, PLANES.out, true)];
  const free: RunBuffers[] = [];
  const queue = new PQueue({ concurrency: WINDOWS_AT_ONCE });
  return (tile, from, into) =>
    queue.add(async () => {
      const buffers = free.pop() ?? { from: new ArrayBuffer(bytes[0] ?? 0), into: new ArrayBuffer(bytes[1] ?? 0) };
      const steps = stepsOf(window.pixelFormat);
      for (const [index, plane] of planesOf(new Uint8Array(buffers.from), window).entries()) {
        const [step, source] = [steps[index], from[index]];
        if (step && source) cutOut(source, scaled(tile, 1 / step.down, 1 / step.across).seen, plane.data);
      }
      const done = await session.run(buffers, feeds, fetches);
      for (const [index, plane] of planesOf(new Uint8Array(done.into), made).entries()) {
        const [step, target] = [steps[index], into[index]];
        if (step && target) putIn(plane, scaled(tile, scale / step.down, scale / step.across), target);
      }
      free.push(done);
    });
}

/** Runs one window of black: a model of another scale, or with another number of channels, shows itself here. */
async function tried(run: RunTile, { id, scale }: UpscaleModel): Promise<void> {
  const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
  await run({ seen: nothing, kept: nothing }, [], []).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServiceError(
      'bad-input',
      `${id} does not make RGB pictures ${scale} times as large: ${reason}`,
      {},
      { cause },
    );
  });
}

const stepsOf = (format: RawPixelFormat): readonly { down: 1 | 2; across: 1 | 2 }[] => RAW_FORMATS[format].planes;

function planesOf(bytes: Uint8Array, { pixelFormat, width, height }: FrameShape): Plane[] {
  const wanted = frameBytes(pixelFormat, width, height);
  if (bytes.length !== wanted) throw new RangeError(`a frame has ${bytes.length} bytes where ${wanted} are right`);
  const { depth, planes } = RAW_FORMATS[pixelFormat];
  return planeRanges(pixelFormat, width, height).map(({ start, end }, index) => {
    const size = planeSize(planes[index] ?? planes[0], width, height);
    const at = bytes.byteOffset + start;
    const data =
      depth > 8 ? new Uint16Array(bytes.buffer, at, (end - start) / 2) : new Uint8Array(bytes.buffer, at, end - start);
    return { data, ...size };
  });
}

/** Where the model's tensors lie in the memory of a window: both chroma planes are one. */
function views(
  shape: FrameShape,
  names: { readonly luma: string; readonly chroma: string },
  inARow: boolean,
): TensorView[] {
  const [luma, chroma] = planesOf(new Uint8Array(frameBytes(shape.pixelFormat, shape.width, shape.height)), shape);
  if (!luma || !chroma) throw new RangeError(`${shape.pixelFormat} has no chroma planes`);
  const type = RAW_FORMATS[shape.pixelFormat].depth > 8 ? 'uint16' : 'uint8';
  const dims = (plane: Plane) => (inARow ? [plane.height * plane.width] : [plane.height, plane.width]);
  return [
    { name: names.luma, type, dims: [1, 1, ...dims(luma)], offset: 0 },
    { name: names.chroma, type, dims: [1, 2, ...dims(chroma)], offset: luma.data.byteLength },
  ];
}
