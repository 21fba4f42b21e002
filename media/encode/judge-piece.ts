import * as z from 'zod';
import type { PieceTask } from '../../core/ports/media.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

const row = z.object({ pts: z.number() });

/** Undefined if the piece has every frame of its segment, each at its time; else what is wrong with it. */
export async function judgePiece(
  ffprobe: string,
  task: PieceTask,
  piece: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { pts, tickSeconds } = await pieceTimes(ffprobe, piece, signal);
  if (pts.length !== task.times.length) return `${pts.length} frames instead of ${task.times.length}`;
  const wantedTick = toNumber(task.timeBase);
  const first = pts[0] ?? 0;
  for (let i = 0; i < pts.length; i++) {
    const found = ((pts[i] ?? 0) - first) * tickSeconds;
    const wanted = (task.times[i] ?? 0) * wantedTick;
    if (Math.abs(found - wanted) > wantedTick / 2) {
      return `frame ${task.segment.start + i} at ${found.toFixed(6)} s instead of ${wanted.toFixed(6)} s`;
    }
  }
  return undefined;
}

async function pieceTimes(ffprobe: string, piece: string, signal: AbortSignal) {
  const pts: number[] = [];
  let tickSeconds = 0;
  const args = [
    ...['-v', 'error', '-select_streams', 'v:0', '-of', 'json=compact=1'],
    ...['-show_entries', 'packet=pts:stream=time_base', '-f', 'nut', '-i', `file:${piece}`],
  ];
  await runFfmpeg(ffprobe, args, {
    signal,
    blame: 'bug',
    doing: 'reading a piece back',
    onStdoutLine: (line) => {
      const timeBase = parseRational(/"time_base": "([^"]+)"/.exec(line)?.[1]);
      if (timeBase) tickSeconds = toNumber(timeBase);
      else if (line.includes('"pts"'))
        pts.push(row.parse(JSON.parse(line.slice(line.indexOf('{')).trim().replace(/,$/, ''))).pts);
    },
  });
  pts.sort((a, b) => a - b);
  return { pts, tickSeconds };
}
