import type { DeferredRendition } from '../core/renditions/on-demand.ts';
import type { Making } from './make-all.ts';
import type { Extras } from './make-extras.ts';

/** All that is published by one run, and what the manifest says of it. */
export type Edition = Making &
  Extras & {
    readonly recipeKey: string;
    readonly deferred: readonly DeferredRendition[];
    readonly source: { readonly bytes: number; readonly sha256: string };
  };
