import type { Route } from '../../core/dispatch/route.ts';

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  readonly queues: { readonly [C in Route['compute']]: { readonly [M in Route['market']]: string } };
  readonly jobDefinitions: { readonly [C in Route['compute']]: string };
  readonly stateMachineArn: string;
  /** The endpoint that takes short jobs for a graphics card; undefined where Batch does. */
  readonly endpoint: string | undefined;
};
