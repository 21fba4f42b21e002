import type { SourceOutline } from '../film/source-outline.ts';
import { computeOf, type Needs } from '../job/needs.ts';
import { type Disks, refusedForDisk } from './disks.ts';
import { bytesFrom, peakBytes, UNDIVIDED } from './peak-disk.ts';
import { NO_ESCALATION, routeOf } from './route.ts';

/**
 * Returns why no container of this stack has a disk on which the job can be made, by what the source's header tells; undefined if
 * one has. Of a workflow the join has the most on its disk. Copies of the source do not count, since few sources need them.
 */
export function refusedForSize(
  needs: Needs,
  { mayBeJoined: _, ...source }: SourceOutline,
  disks: Disks,
): string | undefined {
  const { way } = routeOf(needs, source, NO_ESCALATION, disks);
  const peak = peakBytes(way === 'single' ? 'whole' : 'join', bytesFrom(needs, source), UNDIVIDED);
  return refusedForDisk(peak, computeOf(needs), disks);
}
