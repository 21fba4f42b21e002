import type { Route } from '../../core/dispatch/route.ts';

/** What a job is submitted to, and as what. */
export type Place = { readonly definition: string; readonly queues: { readonly [M in Route['market']]: string } };

/** Names of the deployed stack. */
export type DispatchSettings = {
  readonly stage: string;
  readonly bucket: string;
  /** Of the machines there are: a stack may have no graphics cards. */
  readonly places: { readonly [C in Route['compute']]: Place | undefined };
  readonly stateMachineArn: string;
  /** The endpoint that takes short jobs for a graphics card; undefined where Batch does. */
  readonly endpoint: string | undefined;
};

export function placeFor({ places, stage }: DispatchSettings, compute: Route['compute']): Place {
  const place = places[compute];
  if (!place) throw new Error(`the stack of stage ${stage} has no machines for ${compute}`);
  return place;
}
