import type { Combing } from './combing.ts';

/** How the fields of a frame lie in time: one moment, two of which the top or the bottom one is the earlier, or telecine. */
export type FrameKind = 'single' | Combing['first'] | 'telecine';

/** What a frame speaks for: `gain` is 1 for two moments and -1 for one, and `first` the earlier of two. */
export type KindScore = {
  readonly gain: number;
  readonly first: Combing['first'];
  /** Whether the order is clear. */
  readonly isOrdered: boolean;
  readonly isTelecine: boolean;
};

const KINDS: readonly FrameKind[] = ['single', 'tff', 'bff', 'telecine'];
/** The gain by which a film must be better described with a change between the kinds than without it. */
const CHANGE = 3;
/** The gain that a change of the order of fields needs, as only edits of a film bring one. */
const CHANGE_OF_ORDER = 6;
/** Frames in the wrong order speak so much against both orders: in films of single moments orders come and go by chance. */
const WRONG_ORDER = 4;

/** The kind of each frame in the best description of all (Viterbi). */
export function bestKinds(frames: readonly KindScore[]): readonly FrameKind[] {
  let sums = KINDS.map(() => 0);
  const came = new Uint8Array(frames.length * KINDS.length); // for each frame and kind, the kind of the frame before
  for (const [i, frame] of frames.entries()) {
    const before = sums;
    sums = KINDS.map((kind, at) => {
      const ways = KINDS.map((from, index) => (before[index] ?? 0) - changeOf(from, kind));
      const best = ways.reduce((found, sum, index) => (sum > (ways[found] ?? 0) ? index : found), at);
      came[i * KINDS.length + at] = best;
      return (ways[best] ?? 0) + gainOf(kind, frame);
    });
  }
  const kinds: FrameKind[] = [];
  for (let i = frames.length - 1, at = sums.indexOf(Math.max(...sums)); i >= 0; i--) {
    kinds[i] = KINDS[at] ?? 'single';
    at = came[i * KINDS.length + at] ?? 0;
  }
  return kinds;
}

function changeOf(from: FrameKind, to: FrameKind): number {
  if (from === to) return 0;
  return from === 'single' || to === 'single' ? CHANGE : CHANGE_OF_ORDER;
}

/** Returns how much the description gains if this frame is of that kind. */
function gainOf(kind: FrameKind, { gain, first, isOrdered, isTelecine }: KindScore): number {
  if (isTelecine) return kind === 'telecine' ? 1 : -1;
  switch (kind) {
    case 'single':
      return -gain;
    case 'telecine':
      return -Math.abs(gain);
    case 'tff':
    case 'bff':
      return kind === first || !isOrdered ? gain : Math.min(gain, -WRONG_ORDER * gain);
    default:
      return kind satisfies never;
  }
}
