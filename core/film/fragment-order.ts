import { type Fragment, type FragmentedTrack, SOUND_SEGMENT_SECONDS } from './fragments.ts';

/** A fragment and the track whose samples it holds. */
export type PlacedFragment = { readonly track: FragmentedTrack; readonly fragment: Fragment };

/**
 * Returns the fragments of a film in the order in which they are written: for each stretch from one keyframe to the next,
 * first its sound and then its picture. A player that fetches one track alone then finds its bytes in one range, and a
 * player that reads the file from its beginning has the sound, which is small, before the first picture. Sound behind the
 * end of the picture follows in stretches of SOUND_SEGMENT_SECONDS. A file of sound alone has it in the order of its times.
 */
export function fragmentOrder(tracks: readonly FragmentedTrack[]): readonly PlacedFragment[] {
  const [picture, sound] = (['picture', 'sound'] as const).map((kind) => tracks.find((track) => track.kind === kind));
  if (!picture) return (sound?.fragments ?? []).flatMap((fragment) => (sound ? [{ track: sound, fragment }] : []));
  const begins = picture.fragments.filter(({ keyframe }, i) => keyframe || i === 0).map(({ shown }) => shown.from);
  const pictureEnd = Math.max(...picture.fragments.map(({ shown }) => shown.to));
  const stretches = new Map<number, { sound: PlacedFragment[]; picture: PlacedFragment[] }>();
  const stretch = (number: number) => {
    const there = stretches.get(number) ?? { sound: [], picture: [] };
    stretches.set(number, there);
    return there;
  };
  let last = -1;
  for (const fragment of picture.fragments) {
    if (fragment.keyframe || last < 0) last += 1;
    stretch(last).picture.push({ track: picture, fragment });
  }
  let at = 0;
  for (const fragment of sound?.fragments ?? []) {
    if (!sound) break;
    const { from } = fragment.shown;
    while (at + 1 < begins.length && (begins[at + 1] ?? 0) <= from) at += 1;
    const behind = from < pictureEnd ? 0 : 1 + Math.floor((from - pictureEnd) / SOUND_SEGMENT_SECONDS);
    stretch(behind === 0 ? at : last + behind).sound.push({ track: sound, fragment });
  }
  const inOrder = [...stretches].sort(([a], [b]) => a - b);
  return inOrder.flatMap(([, { sound: heard, picture: seen }]) => [...heard, ...seen]);
}
