import { open } from 'node:fs/promises';
import { DASHCAM_BLOCK, dashcamPoint } from '../../core/film/dashcam-gps.ts';
import { GPX_HEAD, GPX_TAIL, gpxPoint } from '../../core/film/gpx.ts';
import type { GpxTask, WrittenGpx } from '../../core/ports/file-maker.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { boxesIn, findBox, payloadOf } from '../structure/mp4-boxes.ts';

/** A block a second for a week. */
const MOST_BLOCKS = 604_800;
const [LIST_AT, ENTRY_BYTES] = [8, 8];
const AT_ONCE = 1000;

/** Writes the positions of a dashcam as GPX, to whose blocks a box of the film points (`gps `). None where there is no such box. */
export async function writeDashcamGpx({ path, stream, output }: GpxTask, signal: AbortSignal): Promise<WrittenGpx> {
  return withByteSource(path, signal, async (source) => {
    const file = await writeFailure(open(output, 'w'), output);
    try {
      await file.write(GPX_HEAD);
      let points = 0;
      let lines = '';
      for await (const point of pointsOf(source)) {
        lines += gpxPoint(point);
        points += 1;
        if (points % AT_ONCE !== 0) continue;
        await writeFailure(file.write(lines), output);
        lines = '';
      }
      await writeFailure(file.write(lines + GPX_TAIL), output);
      return { stream, points, problem: undefined };
    } finally {
      await file.close();
    }
  });
}

async function* pointsOf(source: ByteSource) {
  const list = await listOf(source);
  for (let at = LIST_AT; at + ENTRY_BYTES <= list.length; at += ENTRY_BYTES) {
    const start = list.readUInt32BE(at);
    const length = Math.min(DASHCAM_BLOCK, list.readUInt32BE(at + 4));
    if (start + length > source.size) continue;
    const point = dashcamPoint(await source.read(start, length));
    if (point) yield point;
  }
}

/** The box that lists where blocks lie: version and flags, a count, and for each its position and its length. */
async function listOf(source: ByteSource): Promise<Buffer> {
  for await (const box of boxesIn(source, 0, source.size)) {
    if (box.type !== 'moov') continue;
    const list = await findBox(source, box, 'gps ');
    const isReal = list && list.end <= source.size && list.size <= MOST_BLOCKS * ENTRY_BYTES;
    return isReal ? payloadOf(source, list, MOST_BLOCKS * ENTRY_BYTES) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}
