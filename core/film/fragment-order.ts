import { type Fragment, type FragmentedTrack, SOUND_SEGMENT_SECONDS } from './fragments.ts';

/** A fragment and the track whose samples it holds. */
export type PlacedFragment = { readonly track: FragmentedTrack; readonly fragment: Fragment };

/** Sound of a stretch with more than these seconds is divided, so that its picture comes early: keyframes are 2 s apart. */
const LONG_STRETCH_SECONDS = 2 * SOUND_SEGMENT_SECONDS;

/**
 * Returns the fragments of a film in the order in which they are written: for each stretch from one keyframe to the next,
 * first its sound and then its picture. Where a picture stands still, all but the first sound comes behind it, or a reader
 * would meet the picture after hours of sound. A player that fetches one track alone then finds its bytes in one range, and a
 * player that reads the file from its beginning has the sound, which is small, before the first picture. Sound behind the
 * end of the picture follows in stretches of SOUND_SEGMENT_SECONDS. A file of sound alone has it in the order of its times.
 */
export function fragmentOrder(tracks: readonly FragmentedTrack[]): readonly PlacedFragment[] {
  const [picture, sound] = (['picture', 'sound'] as const).map((kind) => tracks.find((track) => track.kind === kind));
  if (!picture) return (sound?.fragments ?? []).flatMap((fragment) => (sound ? [{ track: sound, fragment }] : []));
  const begins = picture.fragments.filter(({ keyframe }, i) => keyframe || i === 0).map(({ shown }) => shown.from);
  const pictureEnd = Math.max(...picture.fragments.map(({ shown }) => shown.to));
  const stretches = new Map<number, { sound: PlacedFragment[]; picture: PlacedFragment[]; later: PlacedFragment[] }>();
  const stretch = (number: number) => {
    const there = stretches.get(number) ?? { sound: [], picture: [], later: [] };
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
    const isLater = behind === 0 && from >= (begins[at] ?? 0) + LONG_STRETCH_SECONDS;
    stretch(behind === 0 ? at : last + behind)[isLater ? 'later' : 'sound'].push({ track: sound, fragment });
  }
  const inOrder = [...stretches].sort(([a], [b]) => a - b);
  return inOrder.flatMap(([, { sound: heard, picture: seen, later }]) => [...heard, ...seen, ...later]);
}
