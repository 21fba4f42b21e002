import type { Shown } from './player-contract.ts';

/** Goes to a time of the part that is shown; what lies outside of the part becomes its begin or its last frame. */
export function seekInside({ item, video }: Shown, seconds: number): void {
  const end = Math.min(item.out ?? Number.POSITIVE_INFINITY, video.duration || 0);
  video.currentTime = Math.min(Math.max(item.in ?? 0, seconds), Math.max(0, end - 0.01));
}
