import { cancelJob } from '../../app/api/steer-job.ts';
import { LOCAL_CALLER } from '../../core/api/caller.ts';
import { openCancelling } from '../../runtime/local-ports.ts';
import { stopElsewhere } from '../films/stop-elsewhere.ts';
import { jobNamed, type TableOptions, workOf } from '../stage/job-table.ts';
import { tellCancelled } from '../telling/tell-cancelled.ts';
import { interruptSignal } from '../terminal/interrupt.ts';

type CancelOptions = TableOptions & { readonly quiet?: boolean };

/** Ends the work on a job, whoever does it: a process of this machine, or a stage. Returns when it has ended. */
export async function cancel(id: string, options: CancelOptions): Promise<number> {
  const { stage } = options;
  if (stage !== undefined) return (await import('../stage/steer-stage.ts')).cancelOnStage(id, { ...options, stage });
  const here = openCancelling(workOf(options, id));
  const signal = interruptSignal();
  try {
    const job = await jobNamed(id, here.jobs);
    const steering = { retry: async () => {}, stop: (it: typeof job) => stopElsewhere(it, here, signal) };
    await cancelJob(job.id, LOCAL_CALLER, { ...here, steering });
    tellCancelled((await here.jobs.get(job.id)) ?? job, options);
    return 0;
  } finally {
    here.jobs.close();
  }
}
