import * as z from 'zod';
import type { PieceTask } from '../../core/ports/file-maker.ts';
import { clocks } from '../../core/ticks.ts';
import { formatRational, parseRational, type Rational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

const row = z.object({ pts: z.number() });

/** Returns undefined if the piece has every frame of its segment at its time, else a description of the first difference. */
export async function judgePiece(
  ffprobe: string,
  task: PieceTask,
  piece: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { pts, timeBase } = await pieceTimes(ffprobe, piece, signal);
  if (pts.length !== task.times.length) return `${pts.length} frames instead of ${task.times.length}`;
  const { off, parts } = clocks(task.timeBase, timeBase);
  const first = pts[0] ?? 0;
  for (let i = 0; i < pts.length; i++) {
    const [found, wanted] = [(pts[i] ?? 0) - first, task.times[i] ?? 0];
    if (2 * Math.abs(off(wanted, found)) > parts) {
      return `frame ${task.segment.start + i} ${found} ticks of ${formatRational(timeBase)} s behind the first instead of ${wanted} of ${formatRational(task.timeBase)} s`;
    }
  }
  return undefined;
}

async function pieceTimes(ffprobe: string, piece: string, signal: AbortSignal) {
  const pts: number[] = [];
  let timeBase: Rational = { num: 1, den: 1 };
  const args = [
    ...['-v', 'error', '-select_streams', 'v:0', '-of', 'json=compact=1'],
    ...['-show_entries', 'packet=pts:stream=time_base', '-f', 'nut', '-i', `file:${piece}`],
  ];
  await runFfmpeg(ffprobe, args, {
    signal,
    blame: 'bug',
    doing: 'reading a piece back',
    onStdoutLine: (line) => {
      const said = parseRational(/"time_base": "([^"]+)"/.exec(line)?.[1]);
      if (said) timeBase = said;
      else if (line.includes('"pts"'))
        pts.push(row.parse(JSON.parse(line.slice(line.indexOf('{')).trim().replace(/,$/, ''))).pts);
    },
  });
  pts.sort((a, b) => a - b);
  return { pts, timeBase };
}
