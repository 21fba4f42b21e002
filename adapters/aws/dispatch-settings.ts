import type { Route } from '../../core/dispatch/route.ts';

/** The job definition and the queues with which a job is submitted to Batch. */
type BatchTarget = { readonly definition: string; readonly queues: { readonly [M in Route['market']]: string } };

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  /** The targets by kind of machine; undefined for graphics cards if the stack has none. */
  readonly targets: { readonly [C in Route['compute']]: BatchTarget | undefined };
  readonly stateMachineArn: string;
  /** The endpoint that takes short jobs for a graphics card; undefined if Batch takes them. */
  readonly endpoint: string | undefined;
};

/** Returns the target for a kind of machine. Throws if the stack has no such machines, which is a bug. */
export function batchTargetFor({ targets, stage }: DispatchSettings, compute: Route['compute']): BatchTarget {
  const target = targets[compute];
  if (!target) throw new Error(`the stack of stage ${stage} has no machines for ${compute}`);
  return target;
}
