import { check } from '../../core/job/check-list.ts';
import { frameOf, picture, samplesOf } from './contract-pictures.ts';
import { type ContractInput, enlarged, enlargedBy, type MakeCheck, opened, SMALL } from './contract-run.ts';
import type { TileRule } from './receptive-field.ts';

type Room = { readonly width: number; readonly height: number; readonly mostPixels: number };

/** Beyond, what a frame takes with room on all sides, a strip of it shows as well. */
const LARGE_HALO = 64;

/** Room for what lies beyond the halo on all sides, and for two windows; where that is much, in a strip across and one down. */
function roomsFor({ halo, align }: TileRule): readonly Room[] {
  const side = (length: number, around = halo) => Math.ceil((2 * around + length) / (2 * align)) * 2 * align;
  if (halo <= LARGE_HALO) return [{ width: side(54), height: side(46), mostPixels: side(38) * side(36) }];
  const [length, most, narrow] = [side(54), side(38), side(46, 0)];
  const mostPixels = most * narrow;
  return [
    { width: length, height: narrow, mostPixels },
    { width: narrow, height: length, mostPixels },
  ];
}

const tiles =
  (pixelFormat: 'yuv420p' | 'yuv420p10le'): MakeCheck =>
  async (input, rule) => {
    const found: { same: boolean; detail: string }[] = [];
    for (const { width: even, height, mostPixels } of roomsFor(rule)) {
      const width = pixelFormat === 'yuv420p' ? even : even - 1;
      const frame = picture({ width, height, pixelFormat });
      const whole = await enlarged(input, { width, height, pixelFormat }, frame);
      const tiled = await enlarged(input, { width, height, pixelFormat }, frame, mostPixels);
      const same = Buffer.compare(whole.bytes, tiled.bytes) === 0;
      const detail = `${width}x${height}, ${whole.windows} window and ${tiled.windows}: ${same ? 'equal' : 'different'}`;
      found.push({ same: same && tiled.windows > whole.windows, detail });
    }
    const detail = found.map((each) => each.detail).join('; ');
    return check(
      `tiles ${pixelFormat}`,
      found.every(({ same }) => same),
      detail,
    );
  };

export const TILES: readonly MakeCheck[] = [tiles('yuv420p'), tiles('yuv420p10le')];

export const reach: MakeCheck = async (input, rule) => {
  let farthest = -1;
  for (const room of roomsFor(rule)) farthest = Math.max(farthest, await reachIn(room, input));
  const detail = farthest < 0 ? 'a pixel changes nothing' : `a pixel changes others ${farthest} px away`;
  return check('reach', farthest >= 0 && farthest <= rule.halo, detail);
};

/** How far what the pixel in the middle changes lies from it; -1 if it changes nothing. */
async function reachIn({ width, height }: Room, input: ContractInput): Promise<number> {
  const shape = { width, height, pixelFormat: 'yuv444p16le' } as const;
  const [x, y] = [width >> 1, height >> 1];
  const planes = samplesOf(picture(shape), shape);
  const changed = frameOf(shape, (plane, u, v) => {
    const sample = planes[plane]?.data[v * width + u] ?? 0;
    return u === x && v === y ? 65_535 - sample : sample;
  });
  const { scale } = input.model;
  const large = { width: width * scale, height: height * scale, pixelFormat: shape.pixelFormat };
  const [before, after] = [await enlarged(input, shape, picture(shape)), await enlarged(input, shape, changed)];
  const [a, b] = [samplesOf(before.bytes, large)[0], samplesOf(after.bytes, large)[0]];
  let farthest = -1;
  for (const [i, sample] of a?.data.entries() ?? []) {
    if (sample === b?.data[i]) continue;
    const [u, v] = [Math.floor((i % large.width) / scale), Math.floor(i / large.width / scale)];
    farthest = Math.max(farthest, Math.abs(u - x), Math.abs(v - y));
  }
  return farthest;
}

export const moves: MakeCheck = async (input, rule) => {
  const [{ width, height } = SMALL] = roomsFor(rule);
  const by = 3 * rule.align;
  const shape = { width: width + by, height, pixelFormat: 'yuv444p' } as const;
  const wide = { ...shape, width: shape.width + by };
  const source = samplesOf(picture(wide), wide);
  const from = (start: number) => frameOf(shape, (plane, x, y) => source[plane]?.data[y * wide.width + x + start] ?? 0);
  const [still, moved] = [await enlarged(input, shape, from(0)), await enlarged(input, shape, from(by))];
  const { scale } = input.model;
  const [across, margin, shift] = [shape.width * scale, (rule.halo + rule.align) * scale, by * scale];
  const rows = Array.from({ length: 3 * height * scale }, (_, row) => row * across); // of all three planes
  const differing = rows.filter((at) => {
    const there = still.bytes.subarray(at + margin + shift, at + across - margin);
    return Buffer.compare(moved.bytes.subarray(at + margin, at + across - margin - shift), there) !== 0;
  });
  const compared = across - 2 * margin - shift;
  const detail = `moved by ${by} px, ${differing.length} of ${rows.length} rows differ in ${compared} px`;
  return check('moves', differing.length === 0 && compared > 0, detail);
};

/** A piece that is made again after a kill has to be the same. */
export const repeats: MakeCheck = async (input) => {
  const frame = picture(SMALL);
  const first = await enlarged(input, SMALL, frame);
  const later = await opened(input, SMALL, async (upscaler) => [
    await enlargedBy(upscaler, frame),
    await enlargedBy(upscaler, frame),
  ]);
  const same = later.every((bytes) => Buffer.compare(first.bytes, bytes) === 0);
  const detail = `a picture enlarged once, and twice after opening it anew: ${same ? 'equal' : 'different'}`;
  return check('repeats', same, detail);
};
