import type { Item } from '../../../core/montage/playlist.ts';
import type { Shown } from './player-contract.ts';

/** Where a part begins, in seconds: a moment behind the time of its first frame, since browsers round, and show the one before. */
export const beginOf = ({ in: begin = 0 }: Item): number => begin && begin + 0.001;

/** Goes to a time of the part that is shown; what lies outside of the part becomes its begin or its last frame. */
export function seekInside({ item, video }: Shown, seconds: number): void {
  const end = Math.min(item.out ?? Number.POSITIVE_INFINITY, video.duration || 0);
  video.currentTime = Math.min(Math.max(beginOf(item), seconds), Math.max(0, end - 0.01));
}
