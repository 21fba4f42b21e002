import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { isOnEarth, positionsIn } from '../../core/description/gpmf.ts';
import { GPX_HEAD, GPX_TAIL, gpxPoint, positionsInTime } from '../../core/description/gpx.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { GpxTask, WrittenGpx } from '../../core/ports/file-maker.ts';
import { readNutHeads } from '../nut/read-nut-heads.ts';
import { inputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';

/** Writes the positions in a track of GoPro's telemetry as GPX. Memory holds one sample. */
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
    'nut',
    'pipe:1',
  ];
  const file = await writeFailure(open(output, 'w'), output);
  try {
    const doing = `reading the positions of stream ${stream}`;
    const ended = runFfmpeg(ffmpeg, args, { signal, stdout: pipe, blame: 'bad-input', doing });
    const [written, ran] = await Promise.allSettled([writeFailure(writePoints(pipe, file), output), ended]);
    if (ran.status === 'rejected') throw ran.reason;
    if (written.status === 'rejected') throw written.reason;
    return { stream, points: written.value.points, problem: problemOf(written.value) };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return { stream, points: 0, problem: error.message };
  } finally {
    await file.close();
  }
}

type PointsWritten = {
  readonly points: number;
  readonly samples: number;
  /** How many samples are no GPMF, or only up to a place. */
  readonly damaged: number;
  /** How many positions lie nowhere on the earth. */
  readonly astray: number;
};

async function writePoints(bytes: AsyncIterable<Buffer>, file: FileHandle): Promise<PointsWritten> {
  const inTime = positionsInTime();
  let [points, samples, damaged, astray] = [0, 0, 0, 0];
  await file.write(GPX_HEAD);
  const put = async (next: Parameters<typeof inTime>[0]) => {
    const found = inTime(next);
    const real = found.filter(isOnEarth);
    points += real.length;
    astray += found.length - real.length;
    if (real.length > 0) await file.write(real.map(gpxPoint).join(''));
  };
  for await (const sample of readNutHeads(bytes, MOST_SAMPLE_BYTES, 'data')) {
    const { positions, isDamaged } = positionsIn(Buffer.from(sample.bytes.buffer));
    samples++;
    if (isDamaged) damaged++;
    for (const each of positions) await put(each);
  }
  await put(undefined);
  await file.write(GPX_TAIL);
  return { points, samples, damaged, astray };
}

/** Far more than a camera writes for a second; what is behind it counts as damage. */
const MOST_SAMPLE_BYTES = 16 << 20;

function problemOf({ samples, damaged, astray }: PointsWritten): string | undefined {
  const told = [
    damaged > 0 && `${damaged} of its ${samples} samples ${damaged === 1 ? 'is' : 'are'} damaged or not GPMF`,
    astray > 0 && `${astray} of its positions ${astray === 1 ? 'is' : 'are'} nowhere on the earth`,
  ].filter(Boolean);
  return told.length > 0 ? told.join(', and ') : undefined;
}
