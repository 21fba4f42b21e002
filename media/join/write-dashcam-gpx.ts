import { open } from 'node:fs/promises';
import { DASHCAM_BLOCK, dashcamPoint } from '../../core/description/dashcam-gps.ts';
import { GPX_HEAD, GPX_TAIL, gpxPoint } from '../../core/description/gpx.ts';
import type { GpxTask, WrittenGpx } from '../../core/ports/file-maker.ts';
import { writeFailure } from '../process/write-failure.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';
import { dashcamBlocks } from '../structure/dashcam-blocks.ts';

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
  for (const { start, length } of await dashcamBlocks(source)) {
    const point = dashcamPoint(await source.read(start, Math.min(DASHCAM_BLOCK, length)));
    if (point) yield point;
  }
}
