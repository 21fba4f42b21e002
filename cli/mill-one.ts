import type { JobRequest } from '../app/job-request.ts';
import { publishedManifest } from '../app/published-manifest.ts';
import { type RunOptions, runJob } from '../app/run-job.ts';
import type { Local } from '../runtime/local-ports.ts';
import { printable } from './printable.ts';
import { summary } from './summary.ts';
import type { Told } from './told.ts';

/** One source under one recipe, told to people; returns the exit code. */
export async function millOne(
  request: JobRequest & { readonly places: { readonly sources: string; readonly outputs: string } },
  local: Local,
  {
    teller,
    signal,
    ifBusy,
  }: { readonly teller: Told; readonly signal: AbortSignal; readonly ifBusy: RunOptions['ifBusy'] },
): Promise<number> {
  const ports = local.portsFor(request.places);
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
