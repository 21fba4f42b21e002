import { availableParallelism } from 'node:os';
import { segmentsAtOnce } from '../core/segments/parallelism.ts';
import { DEMO } from './clips.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, once } from './run.ts';

/**
 * Measures what encoding several segments at once gains, by picture height. It decides the constant in
 * core/segments/parallelism.ts.
 */
export const parallel: Measurement = {
  name: 'segments at once',
  about:
    'Six equal segments at preset medium, frame-threads 1, encoded one after the other, and two or three at once: the time as a ratio to one after the other. The number in bold is the one that is used.',
  async measure({ quick }) {
    const rows: ResultRow[] = [];
    const cores = availableParallelism();
    for (const height of quick ? [120] : [240, 480, 720, 1080]) {
      const source = await clipOf(height, quick);
      const frames = quick ? 10 : Math.round(40_000_000 / (height * height * 1.78));
      const one = await wall(source, frames, 1);
      const found: string[] = [];
      for (const atOnce of [1, 2, 3]) {
        const value = atOnce === 1 ? 1 : (await wall(source, frames, atOnce)) / one;
        const text = `${atOnce}: ${value.toFixed(2)}`;
        found.push(segmentsAtOnce(cores, height) === atOnce ? `**${text}**` : text);
      }
      rows.push({ what: `${height}p on ${cores} cores`, found: found.join(', ') });
    }
    return rows;
  },
};

const clipOf = (height: number, quick: boolean) =>
  once(`parallel-${height}.mp4`, (path) =>
    ffmpeg(
      '-stream_loop',
      '-1',
      '-i',
      DEMO,
      '-t',
      quick ? '2' : '20',
      ...['-an', '-vf', `fps=30,scale=-2:${height}`, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', path],
    ),
  );

async function wall(source: string, frames: number, atOnce: number): Promise<number> {
  const started = performance.now();
  const queue = [0, 1, 2, 3, 4, 5];
  const folder = await cacheFolder();
  const worker = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
      await ffmpeg(
        ...['-ss', `${part}`, '-i', source, '-frames:v', `${frames}`, '-c:v', 'libx265', '-preset', 'medium'],
        ...['-crf', '25', '-x265-params', 'log-level=error:frame-threads=1:wpp=1', '-f', 'nut'],
        `${folder}/parallel-${part}.nut`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - started) / 1000;
}
