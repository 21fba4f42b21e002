import { check } from '../../core/job/check-list.ts';
import { frameOf, testPicture } from './contract-pictures.ts';
import { type ContractInput, enlargedBy, enlargedFrame, type MakeCheck, SMALL, withUpscaler } from './contract-run.ts';
import type { TileRule } from './receptive-field.ts';
import { planesOf } from './windows.ts';

type TestSize = { readonly width: number; readonly height: number; readonly mostPixels: number };

/** Above this halo, tests use strips of a frame, since a whole frame with the halo on all sides takes too long. */
const LARGE_HALO = 64;

/**
 * The sizes of frames to test with: large enough for the halo on all sides and for two windows. With a large halo these
 * are a horizontal and a vertical strip instead.
 */
function testSizes({ halo, align }: TileRule): readonly TestSize[] {
  const side = (length: number, around = halo) => Math.ceil((2 * around + length) / (2 * align)) * 2 * align;
  if (halo <= LARGE_HALO) return [{ width: side(54), height: side(46), mostPixels: side(38) * side(36) }];
  const [length, most, narrow] = [side(54), side(38), side(46, 0)];
  const mostPixels = most * narrow;
  return [
    { width: length, height: narrow, mostPixels },
    { width: narrow, height: length, mostPixels },
  ];
}

/** Checks that a picture cut into windows becomes, bit for bit, what it becomes as a whole. */
const tileCheck =
  (pixelFormat: 'yuv420p' | 'yuv420p10le'): MakeCheck =>
  async (input, rule) => {
    const results: { same: boolean; detail: string }[] = [];
    for (const { width: even, height, mostPixels } of testSizes(rule)) {
      const width = pixelFormat === 'yuv420p' ? even : even - 1;
      const frame = testPicture({ width, height, pixelFormat });
      const whole = await enlargedFrame(input, { width, height, pixelFormat }, frame);
      const tiled = await enlargedFrame(input, { width, height, pixelFormat }, frame, mostPixels);
      const same = Buffer.compare(whole.bytes, tiled.bytes) === 0;
      const detail = `${width}x${height}, ${whole.windows} window against ${tiled.windows}: ${same ? 'equal' : 'different'}`;
      results.push({ same: same && tiled.windows > whole.windows, detail });
    }
    const detail = results.map((each) => each.detail).join('; ');
    return check(
      `tiles ${pixelFormat}`,
      results.every(({ same }) => same),
      detail,
    );
  };

export const TILE_CHECKS: readonly MakeCheck[] = [tileCheck('yuv420p'), tileCheck('yuv420p10le')];

/** Checks that a changed pixel changes no pixel beyond the halo. */
export const reachCheck: MakeCheck = async (input, rule) => {
  let farthest = -1;
  for (const size of testSizes(rule)) farthest = Math.max(farthest, await farthestChange(size, input));
  const detail =
    farthest < 0 ? 'a changed pixel changes nothing' : `a changed pixel changes pixels up to ${farthest} px away`;
  return check('reach', farthest >= 0 && farthest <= rule.halo, detail);
};

/**
 * How far from the middle pixel the farthest change lies when that pixel is inverted, in pixels of the source; -1 if
 * nothing changes.
 */
async function farthestChange({ width, height }: TestSize, input: ContractInput): Promise<number> {
  const shape = { width, height, pixelFormat: 'yuv444p16le' } as const;
  const [x, y] = [width >> 1, height >> 1];
  const planes = planesOf(testPicture(shape), shape);
  const changed = frameOf(shape, (plane, u, v) => {
    const sample = planes[plane]?.data[v * width + u] ?? 0;
    return u === x && v === y ? 65_535 - sample : sample;
  });
  const { scale } = input.model;
  const large = { width: width * scale, height: height * scale, pixelFormat: shape.pixelFormat };
  const [before, after] = [
    await enlargedFrame(input, shape, testPicture(shape)),
    await enlargedFrame(input, shape, changed),
  ];
  const [a, b] = [planesOf(before.bytes, large)[0], planesOf(after.bytes, large)[0]];
  let farthest = -1;
  for (const [i, sample] of a?.data.entries() ?? []) {
    if (sample === b?.data[i]) continue;
    const [u, v] = [Math.floor((i % large.width) / scale), Math.floor(i / large.width / scale)];
    farthest = Math.max(farthest, Math.abs(u - x), Math.abs(v - y));
  }
  return farthest;
}

/** Checks that a picture moved by a multiple of the alignment gives a result that is moved alike, bit for bit. */
export const moveCheck: MakeCheck = async (input, rule) => {
  const [{ width, height } = SMALL] = testSizes(rule);
  const by = 3 * rule.align;
  const shape = { width: width + by, height, pixelFormat: 'yuv444p' } as const;
  const wide = { ...shape, width: shape.width + by };
  const source = planesOf(testPicture(wide), wide);
  const from = (start: number) => frameOf(shape, (plane, x, y) => source[plane]?.data[y * wide.width + x + start] ?? 0);
  const [still, moved] = [await enlargedFrame(input, shape, from(0)), await enlargedFrame(input, shape, from(by))];
  const { scale } = input.model;
  const [across, margin, shift] = [shape.width * scale, (rule.halo + rule.align) * scale, by * scale];
  const rows = Array.from({ length: 3 * height * scale }, (_, row) => row * across); // the rows of all three planes
  const differing = rows.filter((at) => {
    const there = still.bytes.subarray(at + margin + shift, at + across - margin);
    return Buffer.compare(moved.bytes.subarray(at + margin, at + across - margin - shift), there) !== 0;
  });
  const compared = across - 2 * margin - shift;
  const detail = `moved by ${by} px, ${differing.length} of ${rows.length} rows differ within ${compared} px`;
  return check('moves', differing.length === 0 && compared > 0, detail);
};

/** Checks that the network always gives the same bytes: a piece that is made again after a kill must not differ. */
export const repeatCheck: MakeCheck = async (input) => {
  const frame = testPicture(SMALL);
  const first = await enlargedFrame(input, SMALL, frame);
  const later = await withUpscaler(input, SMALL, async (upscaler) => [
    await enlargedBy(upscaler, frame),
    await enlargedBy(upscaler, frame),
  ]);
  const same = later.every((bytes) => Buffer.compare(first.bytes, bytes) === 0);
  const detail = `a picture enlarged once, and twice more after the model was opened again: ${same ? 'equal' : 'different'}`;
  return check('repeats', same, detail);
};
