import { ServiceError } from '../core/errors.ts';
import { FFPROBE_ARGUMENTS, firstFrameArguments, parseFfprobe } from '../core/media/parse-ffprobe.ts';
import { mainVideo } from '../core/media/probe.ts';
import type { Inspected } from '../core/ports/inspected.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';
import { withSoundProfiles } from './sound-profiles.ts';
import { judgeStructure } from './structure/judge-structure.ts';
import { promiseOf } from './structure/promise-of.ts';

/** What a file is: first its structure, read by ourselves, then what ffprobe says of it. */
export async function inspect(
  ffprobe: string,
  { path, damaged }: { readonly path: string; readonly damaged: 'accept' | undefined },
  signal: AbortSignal,
): Promise<Inspected> {
  const { warnings, family } = await judgeStructure(path, signal, damaged);
  const promised = await promiseOf(path, family, signal);
  const input = inputArguments(path, { family });
  const ask = async (questions: readonly string[]) => {
    const run = { signal, blame: 'bad-input', doing: 'probing the file' } as const;
    return jsonOf((await runFfmpeg(ffprobe, [...questions, ...input], run)).stdout);
  };
  const file = await ask(FFPROBE_ARGUMENTS);
  const main = mainVideo(parseFfprobe(file, undefined));
  const firstFrame = main && (await ask(firstFrameArguments(main.index)));
  const probe = await withSoundProfiles(parseFfprobe(file, firstFrame), ask);
  return { probe, warnings, promised };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', 'ffprobe cannot describe this file', {}, { cause: error });
  }
}
