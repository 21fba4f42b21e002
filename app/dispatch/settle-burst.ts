import { burstListKey, jobsInContainer } from '../../core/job/burst-list.ts';
import { together } from './send-together.ts';
import { type Ending, type Settlement, type SettlePorts, settleJob } from './settle-job.ts';

/** The end of one of the containers of a burst. */
export type BurstEnding = Omit<Ending, 'job'> & { readonly burst: string; readonly index: number };

/**
 * Settles each job of a container that several share. What has to be sent again because no machine was to be had goes together
 * again. May be called repeatedly for one ending, and settles all that it can before it throws.
 */
export async function settleBurst(
  { burst, index, ...ending }: BurstEnding,
  ports: SettlePorts,
): Promise<readonly Settlement[]> {
  const list = await ports.outputs.read(burstListKey(burst));
  if (!list) return []; // it has expired with all that is in work/, days after the last of its containers
  const others = together(ports);
  const settlements: Settlement[] = [];
  const problems: unknown[] = [];
  for (const { job } of jobsInContainer(list, index)) {
    try {
      settlements.push(await settleJob({ ...ending, job }, ports, others.send));
    } catch (error) {
      problems.push(error);
    }
  }
  problems.push(...(await others.sendAll()).values());
  if (problems.length > 0) throw problems[0];
  return settlements;
}
