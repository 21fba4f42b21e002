import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { filtersFrom } from '../../core/fields/field-filters.ts';
import type { Size } from '../../core/film/frame-size.ts';
import type { StillPair, StillsTask } from '../../core/ports/file-maker.ts';
import { shownFilters } from '../../core/quality/pass-pictures.ts';
import { onePass } from '../../core/quality/passes.ts';
import { pickFrames } from '../../core/quality/pick-frames.ts';
import { seekArgs } from '../../core/segments/reach.ts';
import { inputArguments, steadyInput } from '../probe/input-arguments.ts';
import { collectBytes } from '../process/collect-bytes.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { CHANNELS, rgbFrames } from '../process/rgb-frames.ts';
import { loadSharp } from './load-sharp.ts';

/** Returns frames as JPEG, in order: by one seek for each, or by one decode if the film is short. Throws `missing-tool` without sharp. */
export async function stills(ffmpeg: string, task: StillsTask, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const pictures: Uint8Array[] = [];
  for (const way of waysTo(task)) {
    const output = ['-map', `0:${task.source.stream}`, '-vf', way.chain, '-frames:v', `${way.frames}`];
    const frames = await rgbOf(ffmpeg, [...way.input, ...output], { size: task.size, signal });
    pictures.push(...(await jpegs(frames, task)));
  }
  return pictures;
}

/**
 * Returns one frame of each of two films as JPEG by one process, one above the other in one picture, which is then divided.
 * Throws `missing-tool` without sharp.
 */
export async function stillPair(
  ffmpeg: string,
  [first, second]: readonly [StillsTask, StillsTask],
  signal: AbortSignal,
): Promise<StillPair | undefined> {
  const [above, below] = [waysTo(first)[0], waysTo(second)[0]];
  if (!above || !below) return undefined;
  const { size } = first;
  const graph = [
    `[0:${first.source.stream}]${above.chain},format=rgb24,setpts=0[above]`,
    `[1:${second.source.stream}]${below.chain},format=rgb24,setpts=0[below]`,
    '[above][below]vstack=shortest=1[both]',
  ];
  const output = ['-filter_complex', graph.join(';'), '-map', '[both]', '-frames:v', '1'];
  const frames = await rgbOf(ffmpeg, [...above.input, ...below.input, ...output], { size, signal });
  const [one, other] = await jpegs(frames, first);
  return one && other && [one, other];
}

/** Returns frames of RGB as JPEG. Throws `missing-tool` without sharp. */
export async function jpegs(
  frames: readonly Uint8Array[],
  { size: { width, height }, quality }: Pick<StillsTask, 'size' | 'quality'>,
): Promise<readonly Uint8Array[]> {
  const sharp = await loadSharp().catch((cause: unknown) => {
    throw new ServiceError(
      'missing-tool',
      'pictures of a report need the package sharp, which is not on this machine',
      {},
      { cause },
    );
  });
  const pictures: Uint8Array[] = [];
  for (const frame of frames) {
    const picture = sharp(frame, { raw: { width, height, channels: CHANNELS } });
    // mozjpeg would take six times as long for a twentieth of the bytes
    pictures.push(await picture.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer());
  }
  return pictures;
}

/** The arguments of an input, and the filters that leave the wanted frames of it in their size. */
type Way = { readonly input: readonly string[]; readonly chain: string; readonly frames: number };

function waysTo(task: StillsTask): readonly Way[] {
  const { size, source, turn } = task;
  return onePass(task.frames, task).map(({ windows, start }) => {
    const chain = [
      ...(start.skip > 0 ? [`trim=start_frame=${start.skip}`] : []),
      ...filtersFrom(task, start.from ?? 0),
      pickFrames(start.frame, windows),
      ...shownFilters({ turn, size }),
    ];
    const input = ['-noautorotate', ...seekArgs(start), ...steadyInput(source), ...inputArguments(source.path)];
    return { input, chain: chain.join(','), frames: windows.length };
  });
}

async function rgbOf(
  ffmpeg: string,
  args: readonly string[],
  { size, signal }: { readonly size: Size; readonly signal: AbortSignal },
): Promise<readonly Uint8Array[]> {
  const { stream: stdout, bytes } = collectBytes();
  const output = ['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-max_error_rate', '1', ...args, ...output], {
    ...{ signal, stdout, blame: 'not-exact', doing: 'taking pictures for the report' },
  });
  return rgbFrames(bytes(), size);
}
