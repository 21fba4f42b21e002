import type { JoinedPrograms, JoiningTask } from '../../core/ports/file-maker.ts';
import { judgeStructure } from '../structure/judge-structure.ts';
import { oggJoining } from './join-ogg-links.ts';
import { programJoining } from './join-program-ids.ts';
import { transportJoining } from './join-transport-programs.ts';
import { rewriteFile } from './rewrite-file.ts';

/**
 * Copies a transport or program stream of several recordings with the packets of all of them under the PIDs or identifiers of the first one,
 * an Ogg whose recordings are chained as one, and an Ogg of which ffmpeg would tell other times of its Vorbis with pages that tell it the right ones.
 * Returns undefined for any other file, and where the streams do not match one to one. Throws `truncated` unless damage is accepted.
 */
export async function joinPrograms(
  { path, output, damaged }: JoiningTask,
  signal: AbortSignal,
): Promise<JoinedPrograms | undefined> {
  const joining =
    (await transportJoining(path, signal)) ?? (await programJoining(path, signal)) ?? (await oggJoining(path, signal));
  if (!joining) return undefined;
  await judgeStructure(path, signal, damaged); // its reasons name the source, and not the copy
  await rewriteFile({ path, output }, joining.rewrite, signal);
  return joining.told === undefined ? {} : { told: joining.told };
}
