import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { plainVideo } from '../core/film/plain-video.ts';
import { preserve } from '../core/recipes/preserve.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, once } from './run.ts';

const SIZE = { width: 320, height: 180 };
const RUNS = 300;

/** What is told of processors, besides our own: one, and more than most machines of a test have. */
const PROCESSORS = ['1', '2', '16'];

/** Encodes one segment in AV1 again and again; pieces are named by what goes into them, so all have to have the same bytes. */
export const sameBytes: Measurement = {
  name: 'same bytes',
  about: `One segment of 60 frames (320x180) in AV1, with the arguments of preserve, ${RUNS} times by each preset, in turns with 1, 2 and 16 processors; run it beside other work. docs/decisions/0129 holds what was found.`,
  async measure({ quick }) {
    const source = await once('segment-of-60.mkv', (path) =>
      ffmpeg(
        ...['-f', 'lavfi', '-i', `mandelbrot=size=${SIZE.width}x${SIZE.height}:rate=25`],
        ...['-vf', 'noise=alls=12:allf=t', '-frames:v', '60', '-c:v', 'ffv1', path],
      ),
    );
    const rows: ResultRow[] = [];
    for (const set of [{ preset: 'ultrafast' }, { preset: 'medium', grain: 12 }])
      rows.push(await counted(source, set, quick ? 3 : RUNS));
    return rows;
  },
};

async function counted(
  source: string,
  set: Readonly<Record<string, string | number>>,
  runs: number,
): Promise<ResultRow> {
  const settings = resolveSettings(preserve, { codec: 'av1', ...set });
  const [rendition] = candidates(preserve, settings);
  if (!rendition) throw new Error('preserve makes nothing');
  const frameRate = { num: 25, den: 1 };
  const { spec } = encodeSpecFor({ rendition, settings, video: plainVideo(SIZE), frameRate, tools: {} });
  const output = join(await cacheFolder(), 'same-bytes.nut');
  const found = new Map<string, number>();
  for (let i = 0; i < runs; i++) {
    const args = encoderArgs(spec).map((arg) => arg.replace(/^lp=\d+/, `lp=${PROCESSORS[i % PROCESSORS.length]}`));
    await ffmpeg('-i', source, ...args, '-fflags', '+bitexact', '-f', 'nut', output);
    const hash = createHash('sha256')
      .update(await readFile(output))
      .digest('hex');
    found.set(hash, (found.get(hash) ?? 0) + 1);
  }
  const counts = [...found.values()].sort((a, b) => b - a);
  return {
    what: Object.entries(set).join(' ').replaceAll(',', '='),
    goal: 'one output',
    found: `${runs} runs gave ${counts.length} output${counts.length === 1 ? '' : `s (${counts.join(', ')} times)`}`,
    met: counts.length === 1,
  };
}
