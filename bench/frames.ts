import { PassThrough } from 'node:stream';
import { framePool, nutChunks } from '../media/nut/frames.ts';
import { type NutFrame, readNutFrames } from '../media/nut/read-nut-frames.ts';
import { runProcess } from '../media/process/run-process.ts';
import type { Measurement, ResultRow } from './measurement.ts';

const WARM_UP = 20;

/** Measures the CPU time of our own process for passing raw frames from one ffmpeg to another. */
export const frames: Measurement = {
  name: 'frames',
  about:
    'Raw frames are read from one ffmpeg and written to another as NUT, unchanged: the CPU time of our own process for each frame, with memory from a pool, and with new memory for each frame.',
  async measure({ quick }) {
    const count = quick ? 40 : 300;
    return [
      await passed({ pixelFormat: 'yuv420p', size: '1920x1080', count, pooled: true, goalMs: 2 }),
      await passed({ pixelFormat: 'yuv420p', size: '1920x1080', count, pooled: false }),
      await passed({ pixelFormat: 'yuv420p10le', size: '3840x2160', count: quick ? 30 : 80, pooled: true }),
      await passed({ pixelFormat: 'yuv420p10le', size: '3840x2160', count: quick ? 30 : 80, pooled: false }),
    ];
  },
};

type PassedFrames = { pixelFormat: string; size: string; count: number; pooled: boolean; goalMs?: number };

async function passed({ pixelFormat, size, count, pooled, goalMs }: PassedFrames): Promise<ResultRow> {
  const signal = new AbortController().signal;
  const source = ['-f', 'lavfi', '-i', `color=s=${size}:r=25`, '-frames:v', `${count}`, '-pix_fmt', pixelFormat];
  const decoded = new PassThrough();
  const decoding = runProcess('ffmpeg', ['-v', 'error', ...source, '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'], {
    signal,
    stdout: decoded,
  });
  const pool = framePool();
  const read = readNutFrames(decoded, pooled ? pool : {});
  const first = await read.next();
  if (first.done) throw new Error('the decoder gave no frame');
  let done = 0;
  let start = process.cpuUsage();
  async function* counted(frame: NutFrame) {
    yield frame;
    for await (const next of read) {
      if (++done === WARM_UP) start = process.cpuUsage();
      yield next;
    }
  }
  const stdin = nutChunks(first.value, counted(first.value), pooled ? pool.release : undefined);
  const sink = ['-v', 'error', '-f', 'nut', '-i', 'pipe:0', '-c', 'copy', '-f', 'null', '-'];
  await runProcess('ffmpeg', sink, { signal, stdin });
  await decoding;
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000 / (done - WARM_UP);
  return {
    what: `${size} ${pixelFormat}, ${pooled ? 'pool' : 'new memory'}`,
    ...(goalMs !== undefined && { goal: `at most ${goalMs} ms`, met: ms <= goalMs }),
    found: `${ms.toFixed(2)} ms`,
  };
}
