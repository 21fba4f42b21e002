import { ServiceError } from '../../core/errors.ts';
import { FFPROBE_ARGUMENTS, parseFfprobe } from '../../core/film/parse-ffprobe.ts';
import { mainVideo, type Probe } from '../../core/film/probe.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { firstFrames } from './first-frames.ts';
import { inputArguments } from './input-arguments.ts';
import { refuseUnusable, scrambledStreams, withUnusable } from './unusable.ts';

/** What a file is: first its structure, read by ourselves, then what ffprobe says of it. */
export async function inspect(
  ffprobe: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly probe: Probe; readonly warnings: readonly string[] }> {
  const { warnings, family, scrambled } = await judgeStructure(path, signal);
  const input = inputArguments(path, { family });
  const ask = async (questions: readonly string[]) => {
    const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
    return jsonOf((await runFfmpeg(ffprobe, [...questions, ...input], run)).stdout);
  };
  const file = await ask(FFPROBE_ARGUMENTS).catch((error: unknown) => {
    throw unopened(error) ?? error;
  });
  const { frames, unusable: undecodable } = await firstFrames(ask, parseFfprobe(file, undefined));
  const unusable = new Map([...undecodable, ...scrambledStreams(file, scrambled, undecodable)]);
  const main = mainVideo(withUnusable(parseFfprobe(file, undefined), unusable));
  const probe = withUnusable(parseFfprobe(file, main && { frames: [frames.get(main.index)] }), unusable);
  refuseUnusable(probe);
  return { probe, warnings };
}

/** ffprobe, and so we, cannot read a file of which a decoder refuses a stream's own header. */
function unopened(error: unknown): ServiceError | undefined {
  if (!(error instanceof ServiceError) || !Array.isArray(error.details.stderr)) return undefined;
  const [, stream] = /Could not open codec for input stream (\d+)/.exec(error.details.stderr.join('\n')) ?? [];
  if (stream === undefined) return undefined;
  const what = `the header of stream ${stream} is broken, and no decoder opens it`;
  return new ServiceError(
    'bad-input',
    `${what}; remux the source without it (ffmpeg -map 0 -map -0:${stream} -c copy)`,
    error.details,
    { cause: error },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', 'ffprobe cannot describe this file', {}, { cause: error });
  }
}
