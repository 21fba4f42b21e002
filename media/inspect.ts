import { ServiceError } from '../core/errors.ts';
import { withFilmLength } from '../core/media/film-length.ts';
import { LIMITS } from '../core/media/limits.ts';
import { FFPROBE_ARGUMENTS, firstFrameArguments, parseFfprobe } from '../core/media/parse-ffprobe.ts';
import { PICTURE_COUNT_ARGUMENTS, parsePictureCounts } from '../core/media/parse-picture-counts.ts';
import { mainVideo, type Probe, pictureStreams, withStills } from '../core/media/probe.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';
import { judgeStructure } from './structure/judge-structure.ts';

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
  const first = parseFfprobe(file, undefined);
  const pictures = pictureStreams(first).length > 1 ? parsePictureCounts(await ask(PICTURE_COUNT_ARGUMENTS)) : NONE;
  const main = mainVideo(withStills(first, pictures));
  const firstFrame = main && (await ask(firstFrameArguments(main.index)));
  return { probe: withFilmLength(withStills(parseFfprobe(file, firstFrame), pictures), LIMITS.seconds), warnings };
}

const NONE: ReadonlyMap<number, number> = new Map();

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', 'ffprobe cannot describe this file', {}, { cause: error });
  }
}
