import { ServiceError } from '../../core/errors.ts';
import type { Check } from '../../core/manifest.ts';
import type { Colour } from '../../core/media/probe.ts';
import type { UpscaleModel } from '../../core/upscale/models.ts';
import { type TileRule, tileRule } from '../../core/upscale/receptive-field.ts';
import { frameOf, picture, samplesOf } from './contract-pictures.ts';
import { decodeModel } from './model-file.ts';
import type { SessionOptions } from './ort-session.ts';
import { openUpscaler } from './upscaler.ts';
import type { FrameShape } from './windows.ts';

export type ContractInput = SessionOptions & { readonly model: UpscaleModel; readonly file: Uint8Array };

/**
 * What any model must pass to be listed: its scale and type, windows that fit together bit for bit, nothing seen beyond its
 * halo, a picture that moves with the source and stays in its place, and colours that stay what they are. After a check
 * that cannot be made there are no further ones.
 */
export async function modelContract(input: ContractInput): Promise<readonly Check[]> {
  const checks: Check[] = [];
  try {
    const rule = networkRule(input);
    const declared = `${rule.halo} px, multiples of ${rule.align}; listed: ${input.model.halo} px`;
    checks.push({ name: 'halo', passed: rule.halo === input.model.halo, detail: declared });
    for (const check of CHECKS) checks.push(await check(input, rule));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    checks.push({ name: 'shape', passed: false, detail: error.message });
  }
  return checks;
}

/** How far the network itself sees. Throws `bad-input` where nothing bounds that. */
export function networkRule({ model, file }: Pick<ContractInput, 'model' | 'file'>): TileRule {
  const { network, id } = model;
  return tileRule(decodeModel(file, id).graph, { [network.from]: { down: 1, across: 1 } }, [network.to]);
}

type MakeCheck = (input: ContractInput, rule: TileRule) => Promise<Check>;

/** Room for what lies beyond the halo on all sides, and for two windows. */
function sizeFor({ halo, align }: TileRule) {
  const side = (length: number) => Math.ceil((2 * halo + length) / (2 * align)) * 2 * align;
  return { width: side(54), height: side(46), mostPixels: side(38) * side(36) };
}

const tiles =
  (pixelFormat: 'yuv420p' | 'yuv420p10le'): MakeCheck =>
  async (input, rule) => {
    const { width: even, height, mostPixels } = sizeFor(rule);
    const width = pixelFormat === 'yuv420p' ? even : even - 1;
    const frame = picture({ width, height, pixelFormat });
    const whole = await enlarged(input, { width, height, pixelFormat }, frame);
    const tiled = await enlarged(input, { width, height, pixelFormat }, frame, mostPixels);
    const same = Buffer.compare(whole.bytes, tiled.bytes) === 0;
    const detail = `${width}x${height}, ${whole.windows} window and ${tiled.windows}: ${same ? 'equal' : 'different'}`;
    return { name: `tiles ${pixelFormat}`, passed: same && tiled.windows > whole.windows, detail };
  };

const reach: MakeCheck = async (input, rule) => {
  const { width, height } = sizeFor(rule);
  const shape = { width, height, pixelFormat: 'yuv444p16le' } as const;
  const [x, y] = [width >> 1, height >> 1];
  const [source] = samplesOf(picture(shape), shape);
  const planes = samplesOf(picture(shape), shape);
  const changed = frameOf(shape, (plane, u, v) => {
    const sample = planes[plane]?.data[v * width + u] ?? 0;
    return u === x && v === y ? 65_535 - sample : sample;
  });
  if (!source) throw new RangeError('a frame without planes');
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
  const detail = farthest < 0 ? 'a pixel changes nothing' : `a pixel changes others ${farthest} px away`;
  return { name: 'reach', passed: farthest >= 0 && farthest <= rule.halo, detail };
};

const moves: MakeCheck = async (input, rule) => {
  const { width, height } = sizeFor(rule);
  const by = 3 * rule.align;
  const shape = { width, height, pixelFormat: 'yuv444p' } as const;
  const wide = { ...shape, width: width + by };
  const source = samplesOf(picture(wide), wide);
  const from = (start: number) => frameOf(shape, (plane, x, y) => source[plane]?.data[y * wide.width + x + start] ?? 0);
  const [still, moved] = [await enlarged(input, shape, from(0)), await enlarged(input, shape, from(by))];
  const { scale } = input.model;
  const [across, margin, shift] = [width * scale, (rule.halo + rule.align) * scale, by * scale];
  let rows = 0;
  for (let row = margin; row < height * scale - margin; row++) {
    const at = row * across;
    const there = still.bytes.subarray(at + margin + shift, at + across - margin);
    if (Buffer.compare(moved.bytes.subarray(at + margin, at + across - margin - shift), there) !== 0) rows++;
  }
  return { name: 'moves', passed: rows === 0, detail: `moved by ${by} px, ${rows} rows differ` };
};

/** Waves that rise and fall at other rates across and down, so that no detail that a network likes tells alone. */
const WAVES = [
  [4, 5],
  [5, 4],
  [3, 6],
  [7, 6],
] as const;

/**
 * A grid that was taken for another one (by corners, or by the first pixel) is off by (scale - 1) / 2 of the pixels that come
 * out. Networks trained against other networks are off by a fifth of a source's pixel by themselves.
 */
const wrongGrid = (scale: number) => (scale - 1) / (2 * scale);

const SMALL = { width: 80, height: 72, pixelFormat: 'yuv444p' } as const;

const place: MakeCheck = async (input) => {
  const { scale } = input.model;
  const errors = { here: 0, left: 0, right: 0, up: 0, down: 0 };
  for (const [across, down] of WAVES) {
    const wave = (x: number, y: number) => Math.round(120 + 60 * Math.sin(x / across) * Math.cos(y / down));
    const frame = frameOf(SMALL, (plane, x, y) => (plane === 0 ? wave(x, y) : 128));
    const { bytes } = await enlarged(input, SMALL, frame);
    const errorAt = (dx: number, dy: number) => displacedError(frame, bytes, scale, [dx, dy]);
    errors.here += errorAt(0, 0);
    errors.left += errorAt(-1, 0);
    errors.right += errorAt(1, 0);
    errors.up += errorAt(0, -1);
    errors.down += errorAt(0, 1);
  }
  // where the parabola through three errors is lowest
  const off = (before: number, after: number) => (before - after) / (2 * (before - 2 * errors.here + after)) / scale;
  const [across, down] = [off(errors.left, errors.right), off(errors.up, errors.down)];
  const most = 0.8 * wrongGrid(scale);
  const detail = `off by ${across.toFixed(3)} px across, ${down.toFixed(3)} px down; at most ${most.toFixed(2)}`;
  return { name: 'place', passed: Math.abs(across) < most && Math.abs(down) < most, detail };
};

const BORDER = 8;

/** Squares of what a pixel differs by from the mean of those it became, looked for somewhere beside its place. */
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

/** Networks that invent detail shift a plain colour by a few levels; another range of numbers makes it another colour. */
const LEVELS = 10;

const colour: MakeCheck = async (input) => {
  const { width, height } = SMALL;
  let worst = 0;
  for (const levels of [
    [60, 128, 128],
    [128, 108, 150],
    [200, 128, 128],
  ]) {
    const { bytes } = await enlarged(
      input,
      SMALL,
      frameOf(SMALL, (plane) => levels[plane] ?? 0),
    );
    const { scale } = input.model;
    const large = { ...SMALL, width: width * scale, height: height * scale };
    const middle = (large.height >> 1) * large.width + (large.width >> 1);
    for (const [i, { data }] of samplesOf(bytes, large).entries()) {
      worst = Math.max(worst, Math.abs((data[middle] ?? 0) - (levels[i] ?? 0)));
    }
  }
  return { name: 'colour', passed: worst <= LEVELS, detail: `plain colours change by ${worst} levels at most` };
};

const CHECKS: readonly MakeCheck[] = [tiles('yuv420p'), tiles('yuv420p10le'), reach, moves, place, colour];

const UNTAGGED: Colour = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};

async function enlarged(input: ContractInput, shape: FrameShape, frame: Uint8Array, mostPixels = 1 << 26) {
  const upscaler = await openUpscaler({ ...input, frames: { ...shape, colour: UNTAGGED }, mostPixels });
  try {
    const bytes = new Uint8Array(upscaler.frameBytes);
    await upscaler.enlarge(frame, bytes);
    return { bytes, windows: upscaler.windows };
  } finally {
    await upscaler.close();
  }
}
