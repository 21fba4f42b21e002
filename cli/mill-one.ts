import type { JobRequest } from '../app/job-request.ts';
import { publishedManifest } from '../app/published-manifest.ts';
import { runJob } from '../app/run-job.ts';
import type { RunOptions } from '../app/run-options.ts';
import type { Ports } from '../core/ports/ports.ts';
import { printable } from './printable.ts';
import { summary } from './summary.ts';
import type { Told } from './told.ts';

export type MillContext = {
  readonly teller: Told;
  readonly signal: AbortSignal;
  readonly ifBusy: RunOptions['ifBusy'];
};

/** One source under each recipe that is asked for, told to people. All are tried; returns the first failure's exit code. */
export async function millEach(requests: readonly JobRequest[], ports: Ports, context: MillContext): Promise<number> {
  let exitCode = 0;
  for (const request of requests) {
    const code = await millOne(request, ports, context);
    exitCode ||= code;
    if (context.signal.aborted) break;
  }
  return exitCode;
}

/** One source under one recipe, told to people; returns the exit code. */
export async function millOne(
  request: JobRequest,
  ports: Ports,
  { teller, signal, ifBusy }: MillContext,
): Promise<number> {
  const outcome = await runJob(request, ports, { signal, onEvent: teller.onEvent, ifBusy });
  const folder = ports.outputs.locate(request.outputPrefix);
  switch (outcome.status) {
    case 'failed':
      return outcome.exitCode;
    case 'unchanged':
      teller.say(`  unchanged: ${printable(folder)}`);
      return 0;
    case 'done': {
      const manifest = await publishedManifest(request, ports);
      if (manifest) teller.say(summary(manifest, folder));
      return 0;
    }
    case 'busy':
      return 0; // whoever has it tells of it
    default:
      return outcome satisfies never;
  }
}
