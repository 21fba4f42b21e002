import type { SequencerEvent } from '../../../core/montage/sequencer.ts';
import type { TroubleKind } from '../line/trouble.ts';
import type { FallbackEvent } from './way.ts';

/** All that a player tells of itself: the `detail` of its `reelmill` events. Sentences are for people. */
export type PlayerEvent =
  | SequencerEvent
  /** The first frame of an item is to be seen. */
  | { readonly type: 'first-frame'; readonly milliseconds: number }
  /** Another rendition from now on. */
  | { readonly type: 'quality'; readonly rendition: string; readonly reason: string }
  /** Something is wrong and is tried again, or goes on differently. */
  | { readonly type: 'trouble'; readonly kind: TroubleKind; readonly reason: string }
  | FallbackEvent
  /** It stands still, and why; `go` when it moves again. */
  | { readonly type: 'stall'; readonly kind: TroubleKind; readonly reason: string }
  | { readonly type: 'go' }
  /** It cannot go on by itself. */
  | { readonly type: 'error'; readonly kind: TroubleKind; readonly reason: string }
  | { readonly type: 'state'; readonly isPaused: boolean };
