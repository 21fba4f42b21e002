import PQueue from 'p-queue';
import { ServiceError } from '../../core/errors.ts';
import { frameBytes, planeRanges, planeSize, RAW_FORMATS, type RawPixelFormat } from '../../core/media/raw-formats.ts';
import { cutOut, type Plane, putIn, scaled, type Tile, type Tiling } from '../../core/upscale/tiles.ts';
import type { UsableModel } from '../../core/upscale/usable-model.ts';
import { PLANES } from '../../core/upscale/yuv-model.ts';
import { type OrtSession, openSession, type RunBuffers, type SessionOptions, type TensorView } from './ort-session.ts';

export type FrameShape = { readonly width: number; readonly height: number; readonly pixelFormat: RawPixelFormat };

/** A network opened for windows of one size. */
export type Windows = {
  readonly tiling: Tiling;
  /** Fills a frame's planes from those of a smaller one, window by window. All have ended when it does. */
  enlarge(from: readonly Plane[], into: readonly Plane[]): Promise<void>;
  close(): Promise<void>;
};

type WindowsInput = SessionOptions & {
  /** The network for this size of windows. */
  readonly network: Uint8Array;
  readonly tiling: Tiling;
  readonly model: UsableModel;
  readonly pixelFormat: RawPixelFormat;
};

/** Throws `bad-input` for a network that does not fit, `out-of-memory` for windows that do not, `missing-tool` without the device. */
export async function openWindows(input: WindowsInput): Promise<Windows> {
  const { model, pixelFormat } = input;
  const { window, tiles } = input.tiling;
  const session = await openSession(input.network, input);
  const run = windowRunner(session, { ...window, pixelFormat }, model.scale);
  await tried(run, model).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  return {
    tiling: input.tiling,
    async enlarge(from, into) {
      const ends = await Promise.allSettled(tiles.map((tile) => run(tile, from, into)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    close: () => session.close(),
  };
}

export const enlargedShape = ({ width, height }: { width: number; height: number }, scale: number) => ({
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
async function tried(run: RunTile, { id, scale }: UsableModel): Promise<void> {
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

export function planesOf(bytes: Uint8Array, { pixelFormat, width, height }: FrameShape): Plane[] {
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
