import { ServiceError } from '../core/errors.ts';
import { FFPROBE_ARGUMENTS, parseFfprobe } from '../core/media/parse-ffprobe.ts';
import type { Probe } from '../core/media/probe.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';
import { judgeStructure } from './structure/judge-structure.ts';

/** What a file is: first its structure, read by ourselves, then what ffprobe says of it. */
export async function inspect(
  ffprobe: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly probe: Probe; readonly warnings: readonly string[] }> {
  const { warnings } = await judgeStructure(path, signal);
  const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
  const streams = await runFfmpeg(ffprobe, [...FFPROBE_ARGUMENTS, ...inputArguments(path)], run);
  const firstFrame = await runFfmpeg(ffprobe, [...FIRST_FRAME, ...inputArguments(path)], run);
  return { probe: parseFfprobe(jsonOf(streams.stdout), jsonOf(firstFrame.stdout)), warnings };
}

/** HDR metadata of an elementary stream shows only on a decoded frame. */
const FIRST_FRAME = [
  ...['-v', 'error', '-of', 'json', '-select_streams', 'v:0', '-read_intervals', '%+#1'],
  ...['-show_frames', '-show_entries', 'frame=pts:frame_side_data'],
];

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', 'ffprobe cannot describe this file', {}, { cause: error });
  }
}
