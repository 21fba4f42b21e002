import { rawPixelFormat } from '../core/encode/encode-args.ts';
import type { EncodeSpec } from '../core/encode/encode-spec.ts';
import { ServiceError } from '../core/errors.ts';
import { isRawPixelFormat } from '../core/media/raw-formats.ts';
import { parseRational, times } from '../core/units.ts';
import { type FramePool, nutChunks, type RawFrame } from './frames.ts';
import type { NutFrame } from './nut/read-nut-frames.ts';
import { enlargeFrames } from './onnx/enlarge-frames.ts';
import type { Upscaler } from './onnx/upscaler.ts';

/** What stands between decoder and encoder, and the memory of the frames that go through it. */
export type Network = { readonly upscaler: Upscaler; readonly pool: FramePool };

/** A segment's frames as NUT for its encoder, times counted from its first, enlarged where there is a network. */
export async function* segmentNut(
  spec: EncodeSpec,
  frames: AsyncIterable<NutFrame>,
  network?: Network,
): AsyncGenerator<Uint8Array> {
  const pixelFormat = rawPixelFormat(spec.enlarge?.from ?? spec);
  if (!isRawPixelFormat(pixelFormat))
    throw new ServiceError('bad-input', `frames of ${pixelFormat} cannot be fed to an encoder`);
  const iterator = frames[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done) return;
    const { pts, timeBase } = first.value;
    const fromZero = countedFrom(pts, first.value, iterator);
    const given = network ? enlargeFrames(network.upscaler, fromZero, network.pool) : fromZero;
    const size = network ? network.upscaler.frames : spec.size;
    const { sar, frameRate, slower } = spec;
    const { width, height } = size;
    const video = {
      width,
      height,
      pixelFormat,
      timeBase: slower ? times(timeBase, slower) : timeBase,
      frameRate: parseRational(frameRate),
      sar,
    };
    yield* nutChunks(video, given, network?.pool.release);
  } finally {
    await iterator.return?.();
  }
}

async function* countedFrom(
  begin: number,
  first: NutFrame,
  rest: AsyncIterator<NutFrame>,
): AsyncGenerator<RawFrame, void, undefined> {
  yield { pts: 0, data: first.data };
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    yield { pts: next.value.pts - begin, data: next.value.data };
  }
}
