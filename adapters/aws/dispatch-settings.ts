import type { Route } from '../../core/dispatch/route.ts';

/** The job definition and the queues with which a job is submitted to Batch. */
type BatchTarget = { readonly definition: string; readonly queues: { readonly [M in Route['market']]: string } };

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  /** The targets by kind of machine, one for each of its disks; undefined for graphics cards if the stack has none. */
  readonly targets: { readonly [C in Route['compute']]: readonly BatchTarget[] | undefined };
  readonly stateMachineArn: string;
  /** The endpoint that takes short jobs for a graphics card; undefined if Batch takes them. */
  readonly endpoint: string | undefined;
};

/** Returns the target for a kind of machine and its disk. Throws if the stack has no such machines, which is a bug. */
export function batchTargetFor(
  { targets, stage }: DispatchSettings,
  { compute, disk }: Pick<Route, 'compute' | 'disk'>,
): BatchTarget {
  const target = targets[compute]?.[disk.at];
  if (!target) throw new Error(`the stack of stage ${stage} has no machines for ${compute} with ${disk.gib} GiB`);
  return target;
}
