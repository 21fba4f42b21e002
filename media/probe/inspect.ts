import { ServiceError } from '../../core/errors.ts';
import { FFPROBE_ARGUMENTS, firstFrameArguments, parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import { mainVideo, type Probe } from '../../core/film/probe.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { inputArguments } from './input-arguments.ts';

/** What a file is: first its structure, read by ourselves, then what ffprobe says of it. */
export async function inspect(
  ffprobe: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly probe: Probe; readonly warnings: readonly string[] }> {
  const { warnings, family } = await judgeStructure(path, signal);
  const input = inputArguments(path, { family });
  const ask = async (questions: readonly string[]) => {
    const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
    return jsonOf((await runFfmpeg(ffprobe, [...questions, ...input], run)).stdout);
  };
  const file = await ask(FFPROBE_ARGUMENTS);
  const main = mainVideo(parseFfprobe(file, undefined));
  const firstFrame = main && (await ask(firstFrameArguments(main.index)));
  return { probe: parseFfprobe(file, firstFrame), warnings };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', 'ffprobe cannot describe this file', {}, { cause: error });
  }
}
