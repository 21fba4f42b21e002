import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { KLV_HEADER, klvBytes, positionsIn } from '../../core/description/gpmf.ts';
import { GPX_HEAD, GPX_TAIL, gpxPoint, positionsInTime } from '../../core/description/gpx.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { GpxTask, WrittenGpx } from '../../core/ports/file-maker.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';

/** Writes the positions in a track of GoPro's telemetry as GPX. Memory holds one payload, whose length 16 bits times 8 bound. */
export async function writeGpx(
  ffmpeg: string,
  { path, stream, output }: GpxTask,
  signal: AbortSignal,
): Promise<WrittenGpx> {
  const pipe = new PassThrough();
  const args = [
    ...ffmpegPreamble(),
    ...inputArguments(path),
    '-map',
    `0:${stream}`,
    '-c',
    'copy',
    '-f',
    'data',
    'pipe:1',
  ];
  const file = await writeFailure(open(output, 'w'), output);
  try {
    const doing = `reading the positions of stream ${stream}`;
    const ended = runFfmpeg(ffmpeg, args, { signal, stdout: pipe, blame: 'bad-input', doing });
    const [written, ran] = await Promise.allSettled([writeFailure(writePoints(pipe, file), output), ended]);
    if (ran.status === 'rejected') throw ran.reason;
    if (written.status === 'rejected') throw written.reason;
    return { stream, points: written.value, problem: undefined };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return { stream, points: 0, problem: error.message };
  } finally {
    await file.close();
  }
}

async function writePoints(bytes: AsyncIterable<Buffer>, file: FileHandle): Promise<number> {
  const inTime = positionsInTime();
  let points = 0;
  await file.write(GPX_HEAD);
  const put = async (next: Parameters<typeof inTime>[0]) => {
    const found = inTime(next);
    points += found.length;
    if (found.length > 0) await file.write(found.map(gpxPoint).join(''));
  };
  for await (const payload of payloadsIn(bytes)) for (const each of positionsIn(payload)) await put(each);
  await put(undefined);
  await file.write(GPX_TAIL);
  return points;
}

/** Yields the keys at the top, each with its value. What does not begin with a key of four letters is not GPMF, and ends it. */
async function* payloadsIn(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  let needed = KLV_HEADER;
  for await (const part of bytes) {
    parts.push(part);
    length += part.length;
    while (length >= needed) {
      const whole = Buffer.concat(parts);
      if (!/^[A-Za-z0-9 _]{4}$/.test(whole.toString('latin1', 0, 4))) return;
      const end = klvBytes(whole);
      if (whole.length >= end) yield whole.subarray(0, end);
      const rest = whole.length >= end ? whole.subarray(end) : whole;
      needed = whole.length >= end ? KLV_HEADER : end;
      [parts, length] = [[rest], rest.length];
    }
  }
}
