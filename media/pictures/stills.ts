import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { filtersFrom } from '../../core/film/field-filters.ts';
import type { Size } from '../../core/film/frame-size.ts';
import type { StillsTask } from '../../core/ports/file-maker.ts';
import { pickFrames } from '../../core/quality/compare-args.ts';
import { onePass } from '../../core/quality/passes.ts';
import { inputArguments, steadyInput } from '../probe/input-arguments.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

const CHANNELS = 3;

/** Returns frames as JPEG, in order: by one seek for each, or by one decode if the film is short. Throws `missing-tool` without sharp. */
export async function stills(ffmpeg: string, task: StillsTask, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  // loaded late: it takes half the start-up time of a command that needs none; container images do not have it
  const { default: sharp } = await import('sharp').catch((cause: unknown) => {
    throw new ServiceError('missing-tool', 'pictures of a report need the package sharp', {}, { cause });
  });
  const { size, source, turn } = task;
  const pictures: Uint8Array[] = [];
  for (const { windows, start } of onePass(task.frames, task)) {
    const { stream: stdout, bytes } = collectBytes();
    const seek = start.seekSeconds === undefined ? [] : ['-ss', start.seekSeconds.toFixed(6)];
    const chain = [
      ...(start.skip > 0 ? [`trim=start_frame=${start.skip}`] : []),
      ...filtersFrom(task, start.from ?? 0),
      pickFrames(start.frame, windows),
      ...turn,
      `scale=${size.width}:${size.height}:flags=area+accurate_rnd+full_chroma_int`,
    ];
    const args = [
      ...[...ffmpegPreamble(), '-max_error_rate', '1', '-noautorotate', ...seek],
      ...[...steadyInput(source), ...inputArguments(source.path), '-map', `0:${source.stream}`],
      ...['-vf', chain.join(','), '-frames:v', `${windows.length}`, '-fps_mode', 'passthrough'],
      ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
    ];
    await runFfmpeg(ffmpeg, args, { signal, stdout, blame: 'not-exact', doing: 'taking pictures for the report' });
    for (const data of framesIn(bytes(), size)) {
      const picture = sharp(data, { raw: { ...sides(size), channels: CHANNELS } });
      pictures.push(
        await picture.jpeg({ quality: task.quality, chromaSubsampling: '4:4:4', mozjpeg: true }).toBuffer(),
      );
    }
  }
  return pictures;
}

const sides = ({ width, height }: Size): Size => ({ width, height });

function framesIn(bytes: Buffer, { width, height }: Size): readonly Buffer[] {
  const length = CHANNELS * width * height;
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
}
