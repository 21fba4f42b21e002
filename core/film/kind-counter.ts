import { formatRational } from '../units.ts';
import type { ChangingColours, CountedColour } from './changing-colours.ts';
import type { CountedKind } from './changing-picture.ts';
import type { CodedPicture } from './probe.ts';

/** A keyframe, as a decoder gives it. */
export type SeenKeyframe = CodedPicture & {
  /** What it says of its colours, by ffmpeg's names. */
  readonly colours: ChangingColours['most'];
  /** When it is shown, in seconds from the file's start, where that is known. */
  readonly seconds: number | undefined;
  /** By how many degrees, anticlockwise, it says that it is turned. */
  readonly angle: number | undefined;
};

type KindCounter = {
  readonly add: (keyframe: SeenKeyframe) => void;
  /** The kinds so far, in the order of their first keyframes. */
  readonly kinds: () => readonly CountedKind[];
};

/** Returns a counter of the kinds of pictures in a stream, with their colours and the turns that they say. */
export function kindCounter(): KindCounter {
  const found = new Map<string, CountedKind>();
  return {
    add: ({ colours: said, seconds, angle, ...kind }) => {
      const { width, height, sar, pixelFormat, range } = kind;
      const name = `${width}x${height} ${formatRational(sar)} ${pixelFormat} ${range}`;
      const { keyframes = 0, colours = [], angles = [] } = found.get(name) ?? {};
      const all = angle === undefined || angles.includes(angle) ? angles : [...angles, angle];
      const counted = withColour(colours, { ...said, seconds });
      found.set(name, { ...kind, keyframes: keyframes + 1, colours: counted, angles: all });
    },
    kinds: () => [...found.values()],
  };
}

/** Counts what a keyframe says of its colours. */
function withColour(
  colours: readonly CountedColour[],
  { matrix, primaries, transfer, seconds }: Omit<CountedColour, 'keyframes'>,
): readonly CountedColour[] {
  const isSame = (each: CountedColour) =>
    each.matrix === matrix && each.primaries === primaries && each.transfer === transfer;
  if (!colours.some(isSame)) return [...colours, { matrix, primaries, transfer, seconds, keyframes: 1 }];
  return colours.map((each) => (isSame(each) ? { ...each, keyframes: each.keyframes + 1 } : each));
}
