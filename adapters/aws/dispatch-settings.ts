import type { Route } from '../../core/dispatch/route.ts';

/** What a job is submitted to, and as what. */
export type BatchTarget = { readonly definition: string; readonly queues: { readonly [M in Route['market']]: string } };

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  /** Of the machines there are: a stack may have no graphics cards. */
  readonly targets: { readonly [C in Route['compute']]: BatchTarget | undefined };
  readonly stateMachineArn: string;
  /** The endpoint that takes short jobs for a graphics card; undefined where Batch does. */
  readonly endpoint: string | undefined;
};

export function batchTargetFor({ targets, stage }: DispatchSettings, compute: Route['compute']): BatchTarget {
  const target = targets[compute];
  if (!target) throw new Error(`the stack of stage ${stage} has no machines for ${compute}`);
  return target;
}
