import { takeAgain } from '../../app/intake/take-again.ts';
import type { Steering } from '../../core/ports/steering.ts';
import { stopElsewhere } from './stop-elsewhere.ts';
import type { WorkHere } from './work-here.ts';

/** Steers the jobs of a folder, whether the process at hand works on them or another one. */
export function localSteering(
  here: Pick<WorkHere, 'send' | 'stop'>,
  ports: Parameters<typeof stopElsewhere>[1],
  signal: AbortSignal,
): Steering {
  return {
    retry: (job) => takeAgain(job, here),
    stop: async (job) => (await here.stop(job.id)) || stopElsewhere(job, ports, signal),
  };
}
