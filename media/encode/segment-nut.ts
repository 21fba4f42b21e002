import type { SegmentWindow } from '../../core/encode/encode-args.ts';
import { rawPixelFormat } from '../../core/encode/encode-args.ts';
import { ServiceError } from '../../core/errors.ts';
import { isRawPixelFormat } from '../../core/film/raw-formats.ts';
import type { PieceTask } from '../../core/ports/file-maker.ts';
import { parseRational, times } from '../../core/units.ts';
import { type FramePool, nutChunks, type RawFrame } from '../nut/frames.ts';
import type { NutFrame } from '../nut/read-nut-frames.ts';
import { enlargeFrames } from '../onnx/enlarge-frames.ts';
import type { Upscaler } from '../onnx/upscaler.ts';

/** The upscaler between decoder and encoder, and the pool of its frames' memory. */
export type FrameEnlarger = { readonly upscaler: Upscaler; readonly pool: FramePool };

/**
 * Yields a segment's frames as NUT for its encoder, with times counted from the first frame. With an enlarger the frames are
 * enlarged, and context frames outside the segment are left out of the result.
 */
export async function* segmentNut(
  { spec, window: { within } }: Pick<PieceTask, 'spec' | 'window'>,
  frames: AsyncIterable<NutFrame>,
  enlarger?: FrameEnlarger,
): AsyncGenerator<Uint8Array> {
  const pixelFormat = rawPixelFormat(spec.enlarge?.from ?? spec);
  if (!isRawPixelFormat(pixelFormat))
    throw new ServiceError(
      'bad-input',
      `no encoder here takes pictures in the pixel format ${pixelFormat}; convert the source to another one first`,
    );
  const iterator = frames[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done) return;
    const { pts, timeBase } = first.value;
    const fromZero = countedFrom(pts, first.value, iterator);
    const all = enlarger ? enlargeFrames(enlarger.upscaler, fromZero, enlarger.pool) : fromZero;
    const given = enlarger && within ? inside(all, within, enlarger.pool) : all;
    const size = enlarger ? enlarger.upscaler.frames : spec.size;
    const { sar, frameRate, timeFactor } = spec;
    const { width, height } = size;
    const video = {
      width,
      height,
      pixelFormat,
      timeBase: timeFactor ? times(timeBase, timeFactor) : timeBase,
      frameRate: parseRational(frameRate),
      sar,
    };
    yield* nutChunks(video, given, enlarger?.pool.release);
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

async function* inside(
  frames: AsyncIterable<RawFrame>,
  { before, frames: wanted = Number.POSITIVE_INFINITY }: NonNullable<SegmentWindow['within']>,
  pool: FramePool,
): AsyncGenerator<RawFrame, void, undefined> {
  let number = 0;
  let begin = 0;
  for await (const { pts, data } of frames) {
    if (number === before) begin = pts;
    const isInside = number >= before && number < before + wanted;
    number++;
    if (isInside) yield { pts: pts - begin, data };
    else pool.release(data);
  }
}
