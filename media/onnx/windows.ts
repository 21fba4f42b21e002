import PQueue from 'p-queue';
import { ServiceError } from '../../core/errors.ts';
import { frameBytes, planeRanges, planeSize, RAW_FORMATS, type RawPixelFormat } from '../../core/film/raw-formats.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import {
  type InferenceBuffers,
  type OrtSession,
  openSession,
  type SessionOptions,
  type TensorView,
} from './ort-session.ts';
import { cutOut, type Plane, putIn, scaledTile, type Tile, type Tiling } from './tiles.ts';
import { PLANES } from './yuv-model.ts';

export type FrameShape = { readonly width: number; readonly height: number; readonly pixelFormat: RawPixelFormat };

/** How frames are cut into windows, and how many pictures one batch holds. */
export type WindowLayout = { readonly tiling: Tiling; readonly pictures: number };

/** A network opened for windows of one size. */
export type Windows = {
  readonly layout: WindowLayout;
  /**
   * Fills the planes in `into` with the enlarged planes of `from`, window by window, for at most as many frames as
   * `layout.pictures`. A frame whose entry in `into` is undefined is not written. If a window fails, the promise
   * rejects after all windows have ended.
   */
  enlarge(from: readonly Planes[], into: readonly (Planes | undefined)[]): Promise<void>;
  close(): Promise<void>;
};

type Planes = readonly Plane[];

type WindowsInput = SessionOptions & {
  /** The ONNX file, prepared for the window size of `layout`. */
  readonly network: Uint8Array;
  readonly layout: WindowLayout;
  /** Whether the network takes two-byte samples as pairs of bytes. */
  readonly asBytes: boolean;
  readonly model: UsableModel;
  readonly pixelFormat: RawPixelFormat;
};

/**
 * Opens a network and runs one black window through it. Throws `bad-input` for a network that does not fit,
 * `out-of-memory` for windows that do not fit into memory, and `missing-tool` without the device.
 */
export async function openWindows(input: WindowsInput): Promise<Windows> {
  const { model, pixelFormat, layout, asBytes } = input;
  const { window, tiles } = layout.tiling;
  const session = await openSession(input.network, input);
  const shape = { ...window, pixelFormat, pictures: layout.pictures };
  const run = windowRunner(session, { shape, scale: model.scale, asBytes });
  await tryBlackWindow(run, model).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  return {
    layout,
    async enlarge(from, into) {
      const ends = await Promise.allSettled(tiles.map((tile) => run(tile, from, into)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    close: () => session.close(),
  };
}

/** Returns the size of an enlarged picture, in samples. */
export const enlargedShape = ({ width, height }: { width: number; height: number }, scale: number) => ({
  width: width * scale,
  height: height * scale,
});

type EnlargeTile = (tile: Tile, from: readonly Planes[], into: readonly (Planes | undefined)[]) => Promise<void>;

/** One window is computed while the next one is cut out and the last one's result is copied to its place. */
const WINDOWS_AT_ONCE = 2;

/** Pictures of one size in the memory of one batch. */
type PictureStack = FrameShape & { readonly pictures: number };

function windowRunner(
  session: OrtSession,
  { shape, scale, asBytes }: { readonly shape: PictureStack; readonly scale: number; readonly asBytes: boolean },
): EnlargeTile {
  const made = { ...shape, ...enlargedShape(shape, scale) };
  const [feeds, fetches] = [views(shape, PLANES.in, asBytes), rowMajor(views(made, PLANES.out, asBytes))];
  const free: InferenceBuffers[] = [];
  const queue = new PQueue({ concurrency: WINDOWS_AT_ONCE });
  const steps = stepsOf(shape.pixelFormat);
  return (tile, from, into) =>
    queue.add(async () => {
      const buffers = free.pop() ?? { from: memoryFor(shape), into: memoryFor(made) };
      const windows = stacked(buffers.from, shape);
      for (const [picture, planes] of from.entries()) {
        for (const [index, source] of planes.entries()) {
          const [step, window] = [steps[index], windows[picture]?.[index]];
          if (step && window) cutOut(source, scaledTile(tile, 1 / step.down, 1 / step.across).seen, window.data);
        }
      }
      const done = await session.run(buffers, feeds, fetches);
      const results = stacked(done.into, made);
      for (const [picture, planes] of into.entries()) {
        for (const [index, target] of planes?.entries() ?? []) {
          const [step, result] = [steps[index], results[picture]?.[index]];
          if (step && result) putIn(result, scaledTile(tile, scale / step.down, scale / step.across), target);
        }
      }
      free.push(done);
    });
}

/** Runs one black window, which fails for a model of another scale or another number of channels. */
async function tryBlackWindow(run: EnlargeTile, { id, scale }: UsableModel): Promise<void> {
  const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
  await run({ seen: nothing, kept: nothing }, [], []).catch((cause: unknown) => {
    if (cause instanceof ServiceError && cause.code === 'out-of-memory') throw cause;
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

/** Returns the planes of a raw frame, as views of its bytes. Throws a plain Error where the frame has another number of bytes. */
export function planesOf(bytes: Uint8Array, { pixelFormat, width, height }: FrameShape): Plane[] {
  const wanted = frameBytes(pixelFormat, width, height);
  if (bytes.length !== wanted) throw new RangeError(`a frame has ${bytes.length} bytes instead of ${wanted}`);
  const { depth, planes } = RAW_FORMATS[pixelFormat];
  return planeRanges(pixelFormat, width, height).map(({ start, end }, index) => {
    const size = planeSize(planes[index] ?? planes[0], width, height);
    const at = bytes.byteOffset + start;
    const data =
      depth > 8 ? new Uint16Array(bytes.buffer, at, (end - start) / 2) : new Uint8Array(bytes.buffer, at, end - start);
    return { data, ...size };
  });
}

const memoryFor = ({ pictures, pixelFormat, width, height }: PictureStack) =>
  new ArrayBuffer(pictures * frameBytes(pixelFormat, width, height));

/** Views of each picture's planes in the memory of a batch, where the luma of all pictures lies before all chroma. */
function stacked(memory: ArrayBuffer, shape: PictureStack): Plane[][] {
  const { pixelFormat, width, height, pictures } = shape;
  const { depth, planes } = RAW_FORMATS[pixelFormat];
  const ranges = planeRanges(pixelFormat, width, height);
  const [lumaBytes, bytes] = [ranges[0]?.end ?? 0, frameBytes(pixelFormat, width, height)];
  return Array.from({ length: pictures }, (_, picture) =>
    ranges.map(({ start, end }, index) => {
      const chromaAt = pictures * lumaBytes + picture * (bytes - lumaBytes) + start - lumaBytes;
      const at = index === 0 ? picture * lumaBytes : chromaAt;
      const samples = depth > 8 ? Uint16Array : Uint8Array;
      const data = new samples(memory, at, (end - start) / samples.BYTES_PER_ELEMENT);
      return { data, ...planeSize(planes[index] ?? planes[0], width, height) };
    }),
  );
}

/**
 * Where the graph's tensors lie in the memory of a batch: both chroma planes form one tensor, and grey pictures have no
 * chroma tensor.
 */
function views(
  shape: PictureStack,
  names: { readonly luma: string; readonly chroma: string },
  asBytes: boolean,
): TensorView[] {
  const [luma, chroma] = stacked(memoryFor({ ...shape, pictures: 1 }), { ...shape, pictures: 1 })[0] ?? [];
  if (!luma) throw new RangeError(`${shape.pixelFormat} has no luma`);
  const twoBytes = luma.data.BYTES_PER_ELEMENT === 2;
  const { pictures } = shape;
  const view = (name: string, planes: 1 | 2, { height, width }: Plane, offset: number): TensorView => ({
    name,
    type: twoBytes && !asBytes ? 'uint16' : 'uint8',
    dims: [pictures, planes, height, twoBytes && asBytes ? 2 * width : width],
    offset,
  });
  const first = view(names.luma, 1, luma, 0);
  return chroma ? [first, view(names.chroma, 2, chroma, pictures * luma.data.byteLength)] : [first];
}

/** The views with height and width flattened into one dimension, which is how the graph returns its results. */
const rowMajor = (views: readonly TensorView[]): TensorView[] =>
  views.map(({ dims: [pictures = 1, planes = 1, height = 1, width = 1], ...view }) => ({
    ...view,
    dims: [pictures, planes, height * width],
  }));
