/** The lines of one frame, 8 bits a pixel. Columns may be left out, but no line. */
export type Lines = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/**
 * How the two fields of a frame lie in time. `fit` is 0 where they show two moments as far apart as the fields of two
 * neighbouring frames, and 1 where they show one moment; it is NaN where nothing moved. `first` is the earlier field of two.
 * `combs` tells how much more often lines alternate in the frame than in its fields: from -1, half as often, to 1, twice as often; it is
 * NaN where hardly any alternate. `repeats` is the field that the frame before has too, where the other one changed: telecine
 * repeats one field in each five frames, and the other one two or three frames later.
 */
export type Combing = {
  readonly fit: number;
  readonly combs: number;
  readonly first: 'tff' | 'bff';
  readonly repeats?: 'top' | 'bottom';
};

/** Where the fields of two frames fit worse than those of one by less than this a pixel, or by less than this share, nothing moved. */
const LEAST_MOTION = 0.02;
const LEAST_SHARE = 0.005;
/** A field is repeated if it changes less than this as much as the other one. What an encoder loses differs a little. */
const REPEATED = 0.4;

/**
 * Tells how the fields of a frame lie in time, by how well their lines fit between each other, and between those of the frame
 * before. The fields of one moment fit each other best, and the frame before fits either of them equally badly. Of two
 * moments, the earlier field fits the later one of the frame before as well as its own frame's. Noise and fine detail are the
 * same in all pairs and cancel out. Where something moves by about a line a frame, fields of different moments fit by chance;
 * of them it tells that lines of two moments go up and down in turn, which those of one field do not. (ffmpeg's idet does not
 * compare a frame's own fields before it names an order, so that it takes moving test pictures for interlaced.)
 */
export function combingOf(frame: Lines, before: Lines | undefined): Combing {
  if (!before || before.width !== frame.width || before.height !== frame.height) return UNTOLD;
  const { own, topEarlier, bottomEarlier, changes } = misfits(frame, before);
  const repeats = repeatedOf(changes, frame);
  const worse = Math.max(topEarlier, bottomEarlier) - own;
  const better = Math.min(topEarlier, bottomEarlier) - own;
  if (worse < LEAST_MOTION * frame.width * frame.height || worse < LEAST_SHARE * own)
    return repeats ? { ...UNTOLD, repeats } : UNTOLD;
  const fit = Math.min(1, Math.max(0, better / worse));
  const first = topEarlier < bottomEarlier ? 'tff' : 'bff';
  return { fit, combs: combs(frame, before), first, ...(repeats && { repeats }) };
}

export const UNTOLD: Combing = { fit: Number.NaN, combs: Number.NaN, first: 'tff' };

/** The field that hardly changed since the frame before, if the other one did. */
function repeatedOf([top = 0, bottom = 0]: readonly number[], { width, height }: Lines): Combing['repeats'] {
  if (Math.max(top, bottom) < LEAST_MOTION * width * height) return undefined;
  if (top < REPEATED * bottom) return 'top';
  return bottom < REPEATED * top ? 'bottom' : undefined;
}

/**
 * How badly lines fit between those of the other field: in the frame itself; its top field with the bottom field of the frame
 * before; and its bottom field with the top field of the frame before. `changes` is how much each field differs from that before.
 */
function misfits({ width, height, data: now }: Lines, { data: before }: Lines) {
  let own = 0;
  const crossed = [0, 0]; // lines of this frame between those of the frame before, by the line's field
  const reverse = [0, 0]; // and the reverse
  const changes = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    let [same, old, young, changed] = [0, 0, 0, 0];
    for (let i = y * width, above = i - width, below = i + width; i < (y + 1) * width; i++, above++, below++) {
      const around = (now[above] ?? 0) + (now[below] ?? 0);
      const line = 2 * (now[i] ?? 0);
      same += Math.abs(around - line);
      young += Math.abs((before[above] ?? 0) + (before[below] ?? 0) - line);
      old += Math.abs(around - 2 * (before[i] ?? 0));
      changed += Math.abs((now[i] ?? 0) - (before[i] ?? 0));
    }
    own += same;
    crossed[y % 2] = (crossed[y % 2] ?? 0) + young;
    reverse[y % 2] = (reverse[y % 2] ?? 0) + old;
    changes[y % 2] = (changes[y % 2] ?? 0) + changed;
  }
  const [topNow = 0, bottomNow = 0] = crossed;
  const [topBefore = 0, bottomBefore = 0] = reverse;
  return { own, topEarlier: topNow + bottomBefore, bottomEarlier: bottomNow + topBefore, changes };
}

/** A pixel moves, and two lines differ, by more than this. */
const APART = 10;
/** So many of the moving pixels must lie in lines that alternate before they tell anything. */
const LEAST_COMBED = 0.01;

/** How much more often the moving lines of a frame alternate than those of its fields. Noise and detail alternate in both. */
function combs({ width, height, data }: Lines, { data: before }: Lines): number {
  let [moving, ofFrame, ofField] = [0, 0, 0];
  for (let i = 2 * width; i < (height - 4) * width; i++) {
    if (Math.abs((data[i] ?? 0) - (before[i] ?? 0)) <= APART) continue;
    moving++;
    if (alternates(data, i - width, width)) ofFrame++;
    if (alternates(data, i - 2 * width, 2 * width)) ofField++;
  }
  if (Math.max(ofFrame, ofField) <= LEAST_COMBED * moving) return Number.NaN;
  return Math.min(1, Math.max(-1, Math.log2(ofFrame / ofField)));
}

/** Whether four lines from `i` on go up, down and up again, or the reverse. `step` is from one to the next. */
function alternates(data: Uint8Array, i: number, step: number): boolean {
  const second = data[i + step] ?? 0;
  const rise = second - (data[i] ?? 0);
  if (rise <= APART && rise >= -APART) return false;
  const third = data[i + 2 * step] ?? 0;
  const fourth = data[i + 3 * step] ?? 0;
  return rise > 0
    ? third - second < -APART && fourth - third > APART
    : third - second > APART && fourth - third < -APART;
}
