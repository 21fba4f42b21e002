import { createReadStream } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';
import type { PieceTask } from '../../core/ports/file-maker.ts';
import { clocks } from '../../core/ticks.ts';
import { formatRational } from '../../core/units.ts';
import { readNutTimes } from '../nut/read-nut-times.ts';

const READ_BYTES = 256 << 10;

/** Returns undefined if the piece has every frame of its segment at its time, else a description of the first difference. */
export async function judgePiece(task: PieceTask, piece: string, signal: AbortSignal): Promise<string | undefined> {
  const { pts, timeBase } = await pieceTimes(piece, signal);
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

async function pieceTimes(piece: string, signal: AbortSignal) {
  const file = createReadStream(piece, { signal, highWaterMark: READ_BYTES });
  const { pts, timeBase } = await readNutTimes(file).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError('bug', `reading a piece back: ${error.message}`, error.details, { cause: error });
  });
  return { pts: pts.toSorted((a, b) => a - b), timeBase };
}
