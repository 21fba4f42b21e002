import { PassThrough } from 'node:stream';
import { framePool, nutChunks } from '../media/frames.ts';
import { type NutFrame, readNutFrames } from '../media/nut/read-nut-frames.ts';
import { runProcess } from '../media/run-process.ts';

/**
 * What raw frames cost our own process on their way from one ffmpeg to another: CPU a frame, and memory.
 * Arguments: pixel format, size, frames, and `fresh` to leave the pool out.
 */
const [pixelFormat = 'yuv420p', size = '1920x1080', count = '300', memory = 'pool'] = process.argv.slice(2);
const WARM_UP = 20;

const signal = new AbortController().signal;
const source = ['-f', 'lavfi', '-i', `color=s=${size}:r=25`, '-frames:v', count, '-pix_fmt', pixelFormat];
const decoded = new PassThrough();
const decoding = runProcess('ffmpeg', ['-v', 'error', ...source, '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'], {
  signal,
  stdout: decoded,
});

const pool = framePool();
const frames = readNutFrames(decoded, memory === 'pool' ? { allocate: pool.allocate } : {});
const first = await frames.next();
if (first.done) throw new Error('the decoder gave no frame');

let done = 0;
let start = { cpu: process.cpuUsage(), wall: performance.now() };
async function* counted(frame: NutFrame) {
  yield frame;
  for await (const next of frames) {
    if (++done === WARM_UP) start = { cpu: process.cpuUsage(), wall: performance.now() };
    yield next;
  }
}
const stdin = nutChunks(first.value, counted(first.value), memory === 'pool' ? pool.release : undefined);
await runProcess('ffmpeg', ['-v', 'error', '-f', 'nut', '-i', 'pipe:0', '-c', 'copy', '-f', 'null', '-'], {
  signal,
  stdin,
});
await decoding;

const cpu = process.cpuUsage(start.cpu);
const perFrame = (ms: number) => Number((ms / (done - WARM_UP)).toFixed(2));
console.log(
  JSON.stringify({
    pixelFormat,
    size,
    memory,
    frames: done + 1,
    cpuMsPerFrame: perFrame((cpu.user + cpu.system) / 1000),
    wallMsPerFrame: perFrame(performance.now() - start.wall),
    maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
