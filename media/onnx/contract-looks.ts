import { check } from '../../core/job/check-list.ts';
import { frameOf } from './contract-pictures.ts';
import { enlargedFrame, type MakeCheck, SMALL, withUpscaler } from './contract-run.ts';
import { planesOf } from './windows.ts';

/**
 * Checks that frames come out in order: each of `count` frames has its own grey, and its result must be nearest to that
 * grey.
 */
export const orderCheck =
  (count: number): MakeCheck =>
  async (input) => {
    const levels = Array.from({ length: count }, (_, i) => 40 + (170 * ((i * 7) % count)) / count); // unsorted
    const frames = levels.map((level) => frameOf(SMALL, (plane) => (plane === 0 ? level : 128)));
    const found = await withUpscaler(input, SMALL, async (upscaler) => {
      const into = frames.map(() => new Uint8Array(upscaler.frameBytes));
      await upscaler.enlarge(frames, into);
      const { width, height } = upscaler.frames;
      return into.map(
        (bytes) => bytes.subarray(0, width * height).reduce((sum, each) => sum + each, 0) / width / height,
      );
    });
    const nearest = found.map((level) => {
      const off = levels.map((each) => Math.abs(each - level));
      return off.indexOf(Math.min(...off));
    });
    const misplaced = nearest.filter((each, i) => each !== i).length;
    return check('order', misplaced === 0, `${misplaced} of ${count} frames come out in another frame's place`);
  };

/**
 * Pixels per radian of the test waves, across and down. Several are used so that a network's preference for one kind of
 * detail does not decide.
 */
const PIXELS_PER_RADIAN = [
  [4, 5],
  [5, 4],
  [3, 6],
  [7, 6],
] as const;

/**
 * The error, in pixels of the source, of a network that aligns corners or first pixels instead of pixel centres.
 * Networks from adversarial training are off by a fifth of a source pixel anyway.
 */
const gridError = (scale: number) => (scale - 1) / (2 * scale);

/** Checks that waves come out where they were in the source. */
export const placeCheck: MakeCheck = async (input) => {
  const { scale } = input.model;
  const errors = { here: 0, left: 0, right: 0, up: 0, down: 0 };
  for (const [across, down] of PIXELS_PER_RADIAN) {
    const wave = (x: number, y: number) => Math.round(120 + 60 * Math.sin(x / across) * Math.cos(y / down));
    const frame = frameOf(SMALL, (plane, x, y) => (plane === 0 ? wave(x, y) : 128));
    const { bytes } = await enlargedFrame(input, SMALL, frame);
    const errorAt = (dx: number, dy: number) => displacedError(frame, bytes, scale, [dx, dy]);
    errors.here += errorAt(0, 0);
    errors.left += errorAt(-1, 0);
    errors.right += errorAt(1, 0);
    errors.up += errorAt(0, -1);
    errors.down += errorAt(0, 1);
  }
  // the offset at which the parabola through the three errors is lowest
  const off = (before: number, after: number) => (before - after) / (2 * (before - 2 * errors.here + after)) / scale;
  const [across, down] = [off(errors.left, errors.right), off(errors.up, errors.down)];
  const most = 0.8 * gridError(scale);
  const detail = `off by ${across.toFixed(3)} px across, ${down.toFixed(3)} px down; at most ${most.toFixed(2)}`;
  return check('place', Math.abs(across) < most && Math.abs(down) < most, detail);
};

const BORDER = 8;

/**
 * The sum of squared differences between each source pixel and the mean of the pixels that it became, displaced by `dx`
 * and `dy`.
 */
function displacedError(
  from: Uint8Array,
  into: Uint8Array,
  scale: number,
  [dx, dy]: readonly [number, number],
): number {
  const { width, height } = SMALL;
  let sum = 0;
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      let all = 0;
      for (let v = y * scale + dy; v < (y + 1) * scale + dy; v++) {
        for (let u = x * scale + dx; u < (x + 1) * scale + dx; u++) all += into[v * width * scale + u] ?? 0;
      }
      sum += (all / scale ** 2 - (from[y * width + x] ?? 0)) ** 2;
    }
  }
  return sum;
}

/**
 * The most levels by which a plain colour may change: networks that invent detail shift it by a few, and a wrong range
 * of numbers makes it another colour.
 */
const MOST_LEVELS = 10;

/** Checks that plain colours stay as they are. */
export const colourCheck: MakeCheck = async (input) => {
  const { width, height } = SMALL;
  let worst = 0;
  for (const levels of [
    [60, 128, 128],
    [128, 108, 150],
    [200, 128, 128],
  ]) {
    const { bytes } = await enlargedFrame(
      input,
      SMALL,
      frameOf(SMALL, (plane) => levels[plane] ?? 0),
    );
    const { scale } = input.model;
    const large = { ...SMALL, width: width * scale, height: height * scale };
    const middle = (large.height >> 1) * large.width + (large.width >> 1);
    for (const [i, { data }] of planesOf(bytes, large).entries()) {
      worst = Math.max(worst, Math.abs((data[middle] ?? 0) - (levels[i] ?? 0)));
    }
  }
  return check('colour', worst <= MOST_LEVELS, `plain colours change by at most ${worst} levels`);
};
