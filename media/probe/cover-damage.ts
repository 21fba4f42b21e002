import { ServiceError } from '../../core/errors.ts';
import { coversOf } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { inputArguments } from './input-arguments.ts';

/** What stands beside the picture of a JPEG, which shows all the same. */
const BESIDE = /unable to decode APP fields|last message repeated/i;

/**
 * Decodes every cover of a film and returns what their decoders complain of: a cover may be broken behind its head, by which it has a
 * size. None where ffmpeg cannot look at them.
 */
export async function coverDamage(
  ffmpeg: string,
  { path, probe }: Pick<Source, 'path' | 'probe'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const covers = coversOf(probe).filter(({ video }) => video !== undefined);
  if (covers.length === 0) return [];
  const said: string[] = [];
  const maps = covers.flatMap(({ index }) => ['-map', `0:${index}`]);
  const decoding = ['-hide_banner', '-nostdin', '-nostats', '-v', 'error', '-max_error_rate', '1'];
  const args = [...decoding, ...inputArguments(path), ...maps, '-frames:v', '1', '-f', 'null', '-'];
  try {
    const onStderrLine = (line: string) => void (BESIDE.test(line) || said.push(line));
    await runFfmpeg(ffmpeg, args, { signal, onStderrLine, blame: 'bad-input', doing: 'looking at the covers' });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
  }
  return said;
}
