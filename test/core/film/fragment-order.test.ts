import { expect, it } from '@jest/globals';
import { fragmentOrder } from '../../../core/film/fragment-order.ts';
import type { FragmentedTrack } from '../../../core/film/fragments.ts';

/** A track of fragments by their beginnings; `to` is where the last one ends. */
function trackOf(kind: FragmentedTrack['kind'], begins: readonly number[], to: number): FragmentedTrack {
  const fragments = begins.map((from, i) => ({ shown: { from, to: begins[i + 1] ?? to }, keyframe: true }));
  return { kind, fragments } as unknown as FragmentedTrack;
}

/** p0 is the picture's fragment at 0 s, s1 the sound's at 1 s. */
const written = (...tracks: readonly FragmentedTrack[]) =>
  fragmentOrder(tracks)
    .map(({ track, fragment }) => `${track.kind.charAt(0)}${fragment.shown.from}`)
    .join(' ');

it.each([
  {
    what: 'between two keyframes first the sound, then the picture',
    order: written(trackOf('picture', [0, 2], 4), trackOf('sound', [0, 1, 2, 3], 4)),
    is: 's0 s1 p0 s2 s3 p2',
  },
  {
    what: 'a picture that stands still after four seconds of its sound',
    order: written(trackOf('picture', [0, 10], 12), trackOf('sound', [0, 2, 4, 6, 8, 10], 12)),
    is: 's0 s2 p0 s4 s6 s8 s10 p10',
  },
  {
    what: 'sound behind the end of the picture',
    order: written(trackOf('picture', [0], 2), trackOf('sound', [0, 2, 4], 6)),
    is: 's0 p0 s2 s4',
  },
])('writes $what', ({ order, is }) => {
  expect(order).toBe(is);
});
