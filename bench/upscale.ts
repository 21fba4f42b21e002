import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../core/upscale/enlargement.ts';
import { UPSCALE_MODELS, type UpscaleModel, upscaleModelNamed } from '../core/upscale/models.ts';
import { framePool, nutChunks, type RawFrame, readAhead } from '../media/nut/frames.ts';
import { readNutFrames } from '../media/nut/read-nut-frames.ts';
import { enlargeFrames } from '../media/onnx/enlarge-frames.ts';
import { encodeModel } from '../media/onnx/model-file.ts';
import { node } from '../media/onnx/onnx-model.ts';
import { ENLARGED, RGB, rgbModel } from '../media/onnx/rgb-model.ts';
import { openUpscaler, type Upscaler } from '../media/onnx/upscaler.ts';
import { cpuWindowPixels } from '../media/onnx/window-pixels.ts';
import { runProcess } from '../media/process/run-process.ts';
import { refuseTelemetry } from '../runtime/library-settings.ts';
import { DEMO, PLAIN_1080P } from './clips.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { ffmpeg, once } from './run.ts';

const THREADS = 2;
const GATED = 'websr-l-rl';
const signal = new AbortController().signal;

/** Measures super-resolution on a CPU, between two ffmpegs. */
export const upscaleBench: Measurement = {
  name: 'upscale',
  about: `Super-resolution with ${THREADS} threads between two ffmpegs (decoding H.264, encoding nothing): frames a second for each model, as a ratio to the model's own file in onnxruntime with RGB frames in memory, measured alternately; and the CPU time that our process adds to ffmpeg's if the network changes nothing.`,
  async measure({ quick }) {
    refuseTelemetry();
    const rows: ResultRow[] = [];
    for (const model of UPSCALE_MODELS) {
      const [frames, rounds] = quick ? [4, 1] : model.speed < 0.1 ? [5, 1] : model.id === GATED ? [50, 5] : [50, 1];
      rows.push(await againstMemory(model, frames, rounds));
    }
    rows.push(await withoutNetwork(quick ? 10 : 150), await withNothing(quick ? 5 : 60));
    return rows;
  },
};

const SMALL = { width: 480, height: 270, pixelFormat: 'yuv420p' } as const;
const ON_CPU = { ...SMALL, device: 'cpu' } as const;
const LARGE = { width: 1920, height: 1080, pixelFormat: 'yuv420p' } as const;

async function againstMemory(model: UpscaleModel, count: number, rounds: number): Promise<ResultRow> {
  const { location } = upscaleModelNamed(model.id);
  if (location.in !== 'repository') throw new Error(`${model.id} is not in the repository`);
  const upscaler = await opened(model, await readFile(location.path), SMALL);
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const memory = await fpsAlone(model, count);
    const streamed = await streamedFps(SMALL, count, upscaler);
    speeds.push(streamed);
    ratios.push(streamed / memory);
  }
  await upscaler.close();
  const [fps, ratio] = [median(speeds), median(ratios)];
  return {
    what: `${model.id}, ${SMALL.width}x${SMALL.height}`,
    ...(model.id === GATED && { goal: 'at least 0.90 of onnxruntime alone', met: ratio >= 0.9 }),
    found: `${fps.toFixed(1)} fps, ${ratio.toFixed(2)} of onnxruntime alone`,
  };
}

/**
 * Returns the frames a second of the model's own file in onnxruntime, with RGB frames in memory, one after another: the
 * most that the network can do.
 */
export async function fpsAlone(
  { id, location }: UpscaleModel,
  count: number,
  { width, height, device }: { readonly width: number; readonly height: number; readonly device: Device } = ON_CPU,
): Promise<number> {
  if (location.in !== 'repository') throw new Error(`${id} is not in the repository`);
  const session = await InferenceSession.create(location.path, {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: THREADS,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const picture = new Uint8Array(width * height * 3).map((_, i) => (i * 7919) & 255);
  const feeds = { input: new Tensor('uint8', picture, [1, height, width, 3]) };
  await session.run(feeds);
  const start = performance.now();
  for (let i = 0; i < count; i++) await session.run(feeds);
  const seconds = (performance.now() - start) / 1000;
  await session.release();
  return count / seconds;
}

/** Measures raw frames that are passed on unchanged, against one ffmpeg that decodes and encodes by itself. */
async function withoutNetwork(count: number): Promise<ResultRow> {
  const ms = (await addedCpu(count)).toFixed(1);
  return { what: '1080p, frames passed on unchanged: CPU time added to that of ffmpeg', found: `${ms} ms a frame` };
}

/**
 * Measures raw frames that go through onnxruntime, with colour conversion both ways and a network that leaves RGB as it
 * is.
 */
async function withNothing(count: number): Promise<ResultRow> {
  const file = encodeModel(rgbModel('nothing', { nodes: [node('Identity', [RGB], ENLARGED)], constants: [] }));
  const upscaler = await opened({ ...upscaleModelNamed('websr-s-rl'), id: 'nothing', scale: 1 }, file, LARGE);
  const ms = await addedCpu(count, upscaler);
  await upscaler.close();
  return {
    what: '1080p through an identity network: CPU time added to that of ffmpeg',
    goal: 'at most 5 ms a frame',
    found: `${ms.toFixed(1)} ms a frame`,
    met: ms <= 5,
  };
}

/**
 * Returns the CPU time of all processes with ours between two ffmpegs, less that of one ffmpeg that does both, in ms a
 * frame.
 */
async function addedCpu(count: number, upscaler?: Upscaler): Promise<number> {
  const added: number[] = [];
  for (let round = 0; round < 3; round++) {
    const source = await sourceOf(LARGE, count);
    const alone = await cpuOf(() =>
      runProcess('ffmpeg', ['-v', 'error', ...source, '-c:v', 'rawvideo', '-f', 'null', '-'], { signal }),
    );
    const between = await cpuOf(() => streamedFps(LARGE, count, upscaler));
    added.push((between - alone) / count);
  }
  return median(added);
}

/** Returns the milliseconds of CPU time that work takes, in this process and in the children for which it waits. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = await cpuMs();
  await work();
  return (await cpuMs()) - before;
}

async function cpuMs(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /, '').split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0); // utime, stime, cutime, cstime
  return ticks * 10;
}

/**
 * Returns the frames a second between the first and the last frame that leave, so that starting ffmpeg does not count.
 */
export async function streamedFps(shape: FrameShape, count: number, upscaler?: Upscaler): Promise<number> {
  const decoded = new PassThrough();
  const raw = ['-pix_fmt', shape.pixelFormat, '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'];
  const source = await sourceOf(shape, count);
  const decoding = runProcess('ffmpeg', ['-v', 'error', ...source, ...raw], {
    signal,
    stdout: decoded,
  });
  const pool = framePool();
  const frames = readAhead(readNutFrames(decoded, pool), 2);
  const times: number[] = [];
  async function* timed(frames: AsyncIterable<RawFrame>) {
    for await (const frame of frames) {
      times.push(performance.now());
      yield frame;
    }
  }
  const out = upscaler ? enlargeFrames(upscaler, frames, pool) : frames;
  const video = { ...(upscaler?.frames ?? shape), timeBase: TICK };
  const sink = ['-v', 'error', '-f', 'nut', '-i', 'pipe:0', '-c', 'copy', '-f', 'null', '-'];
  await runProcess('ffmpeg', sink, { signal, stdin: nutChunks(video, timed(out), pool.release) });
  await decoding;
  return (times.length - 1) / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000);
}

export type FrameShape = { readonly width: number; readonly height: number; readonly pixelFormat: 'yuv420p' };

/** The tick of ffmpeg's NUT at 25 frames a second. */
const TICK = { num: 1, den: 51_200 };

/**
 * Returns arguments that read a clip of this size. Scaling it during the measurement would take as much CPU time as a
 * small network.
 */
async function sourceOf({ width, height }: FrameShape, count: number): Promise<string[]> {
  const path = await once(`demo-${width}x${height}.mp4`, (path) =>
    ffmpeg(
      ...['-i', DEMO, '-an', '-vf', `fps=25,scale=${width}:${height},format=yuv420p`],
      ...['-c:v', 'libx264', '-crf', '16', path],
    ),
  );
  return ['-stream_loop', '-1', '-i', path, '-frames:v', `${count}`];
}

async function opened(model: UpscaleModel, file: Uint8Array, shape: FrameShape): Promise<Upscaler> {
  const frames = { ...shape, colour: PLAIN_1080P.colour };
  return openUpscaler({ model, file, frames, mostPixels: cpuWindowPixels(shape), device: 'cpu', threads: THREADS });
}
