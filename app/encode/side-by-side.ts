import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { taskGroup } from '../../core/task-group.ts';
import { statesInTurn } from '../states-in-turn.ts';
import { type JobWork, scratchOf } from './work.ts';

/**
 * Does the work of several renditions at once. Earlier ones begin first and have precedence for the processors, and
 * results are in order. A failure stops the others, and all have ended when it is thrown.
 */
export async function sideBySide<T>(
  renditions: readonly RenditionSpec[],
  { atOnce, work }: { readonly atOnce: number; readonly work: JobWork },
  make: (rendition: RenditionSpec, work: JobWork) => Promise<T>,
): Promise<readonly T[]> {
  const { tracking } = work;
  const queue = statesInTurn(renditions.length, tracking.record).map((turn, i) => ({ turn, i }));
  const ends: T[] = [];
  const worker = async (signal: AbortSignal) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { turn, i } = next;
      const rendition = renditions[i];
      if (!rendition) continue;
      const { record, isBehind } = turn;
      const folder = await piecesFolder({ rendition }, work);
      ends[i] = await make(rendition, { ...work, folder, isBehind, tracking: { ...tracking, signal, record } });
      await turn.end();
    }
  };
  const group = taskGroup(tracking.signal);
  await group.all(Array.from({ length: atOnce }, () => group.run(worker)));
  return ends;
}

/** The folder for the pieces of a rendition that is made beside others: pieces of two renditions may have the same key. */
export const piecesFolder = (
  { rendition }: { readonly rendition: RenditionSpec },
  { ports, request }: Pick<JobWork, 'ports' | 'request'>,
): Promise<string> => ports.scratch.open(`${scratchOf(request)}/${rendition.name}`);
