/** Reference implementations of other runtimes' networks, with which a converter's output is compared. */

export type Maps = { readonly width: number; readonly height: number; readonly channels: readonly Float64Array[] };
export type Picture = Maps;

export const pixel = ({ width, height, channels }: Maps, channel: number, x: number, y: number) =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : (channels[channel]?.[y * width + x] ?? 0);

function mapsOf(
  width: number,
  height: number,
  count: number,
  value: (channel: number, x: number, y: number) => number,
): Maps {
  const channels = Array.from({ length: count }, (_, channel) =>
    Float64Array.from({ length: width * height }, (__, i) => value(channel, i % width, Math.floor(i / width))),
  );
  return { width, height, channels };
}

type Layer = { name: string; type: string; inputs: string[]; weights: number[]; bias: number[] };

/**
 * A network in the format of `@websr/websr`, computed as its shaders do: each stage but the last has `lanes` layers of
 * four channels. The last stage has one layer for each colour, and reads the stage before by 3x3, or all stages by 1x1
 * if there are three.
 */
export function websrNetwork(
  { lanes, stages, colours }: { lanes: number; stages: number; colours: number },
  random: () => number,
) {
  const weights = (matrices: number) => Array.from({ length: matrices * 16 }, () => (random() - 0.5) * 0.4);
  const bias = () => Array.from({ length: 4 }, () => (random() - 0.5) * 0.1);
  const layer = (name: string, inputs: string[], matrices: number): Layer => ({
    name,
    type: 'conv',
    inputs,
    weights: weights(matrices),
    bias: bias(),
  });
  const names = (stage: number) => Array.from({ length: lanes }, (_, lane) => `stage_${stage}_${lane}`);
  const hidden = Array.from({ length: stages - 1 }, (_, stage) =>
    names(stage).map((name) =>
      layer(name, stage === 0 ? ['input_image'] : names(stage - 1), stage === 0 ? 9 : 18 * lanes),
    ),
  );
  const [read, matrices] =
    colours === 3
      ? [hidden.flatMap((_, stage) => names(stage)), 2 * lanes * (stages - 1)]
      : [names(stages - 2), 18 * lanes];
  const last = Array.from({ length: colours }, (_, colour) => layer(`last_${colour}`, read, matrices));
  const shuffle = {
    name: 'pixel_shuffle',
    type: 'pixel_shuffle',
    inputs: last.map(({ name }) => name),
    output: 'canvas',
  };
  const layers = [...hidden.flat(), ...last, shuffle];

  const run = (picture: Picture): Maps => {
    const results = new Map<string, Maps>();
    const withAlpha = mapsOf(picture.width, picture.height, 4, (channel, x, y) =>
      channel < 3 ? pixel(picture, channel, x, y) : 0,
    );
    for (const [stage, group] of hidden.entries()) {
      for (const each of group) {
        results.set(each.name, stage === 0 ? firstShader(each, withAlpha) : kernelShader(each, results, lanes));
      }
    }
    for (const each of last)
      results.set(each.name, colours === 3 ? pointShader(each, results, lanes) : kernelShader(each, results, lanes));
    return displayShader(
      picture,
      last.map(({ name }) => results.get(name) ?? picture),
    );
  };
  return { json: { name: 'test', layers: Object.fromEntries(layers.map((each) => [each.name, each])) }, run };
}

/** The product of WGSL's mat4x4 and vec4, where matrices are stored column by column. */
const product = (weights: readonly number[], matrix: number, row: number, vector: (column: number) => number) =>
  [0, 1, 2, 3].reduce((sum, column) => sum + (weights[matrix * 16 + column * 4 + row] ?? 0) * vector(column), 0);

/** The shaders' kernel_offsets: from left to right, each column from top to bottom. */
const OFFSETS = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => ({ x, y })));

function firstShader({ weights, bias }: Layer, image: Maps): Maps {
  return mapsOf(image.width, image.height, 4, (row, x, y) =>
    OFFSETS.reduce(
      (sum, offset, i) => sum + product(weights, i, row, (c) => pixel(image, c, x + offset.x, y + offset.y)),
      bias[row] ?? 0,
    ),
  );
}

function kernelShader({ weights, bias, inputs }: Layer, results: ReadonlyMap<string, Maps>, lanes: number): Maps {
  const sources = inputs.flatMap((name) => results.get(name) ?? []);
  const { width, height } = sources[0] ?? { width: 0, height: 0 };
  return mapsOf(width, height, 4, (row, x, y) =>
    OFFSETS.reduce((sum, offset, i) => {
      const at = (source: number, c: number) => {
        const maps = sources[source];
        return maps ? pixel(maps, c, x + offset.x, y + offset.y) : 0;
      };
      return sources.reduce(
        (inner, _, s) =>
          inner +
          product(weights, i + 9 * s, row, (c) => Math.max(at(s, c), 0)) +
          product(weights, i + 9 * (lanes + s), row, (c) => Math.max(-at(s, c), 0)),
        sum,
      );
    }, bias[row] ?? 0),
  );
}

function pointShader({ weights, bias, inputs }: Layer, results: ReadonlyMap<string, Maps>, lanes: number): Maps {
  const sources = inputs.flatMap((name) => results.get(name) ?? []);
  const { width, height } = sources[0] ?? { width: 0, height: 0 };
  return mapsOf(width, height, 4, (row, x, y) =>
    sources.reduce((sum, maps, index) => {
      const first = 2 * lanes * Math.floor(index / lanes) + (index % lanes);
      const positive = product(weights, first, row, (c) => Math.max(pixel(maps, c, x, y), 0));
      return sum + positive + product(weights, first + lanes, row, (c) => Math.max(-pixel(maps, c, x, y), 0));
    }, bias[row] ?? 0),
  );
}

function displayShader(picture: Picture, details: readonly Maps[]): Maps {
  const clamped = (channel: number, x: number, y: number) =>
    pixel(picture, channel, Math.min(picture.width - 1, Math.max(0, x)), Math.min(picture.height - 1, Math.max(0, y)));
  return mapsOf(picture.width * 2, picture.height * 2, 3, (channel, x, y) => {
    const [u, v] = [(x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5];
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const mix = (a: number, b: number, part: number) => a * (1 - part) + b * part;
    const row = (at: number) => mix(clamped(channel, left, at), clamped(channel, left + 1, at), u - left);
    const detail = details[channel] ?? details[0];
    const added = detail ? pixel(detail, (x % 2) + 2 * (y % 2), Math.floor(x / 2), Math.floor(y / 2)) : 0;
    return mix(row(top), row(top + 1), v - top) + added;
  });
}

/** One of each kind of layer in realesr-animevideov3, as ncnn writes and computes them. */
export function ncnnNetwork(random: () => number) {
  const coarse = () => Math.round((random() - 0.5) * 16) / 64; // exact as halves of floats
  const weights = Array.from({ length: 12 * 3 * 9 }, coarse);
  const bias = Array.from({ length: 12 }, coarse);
  const slopes = Array.from({ length: 12 }, coarse);
  const param = [
    '7767517',
    '7 8',
    'Input data 0 1 data',
    'Split copies 1 2 data one two',
    'Convolution conv 1 1 one 54 0=12 1=3 4=1 5=1 6=324',
    'PReLU relu 1 1 54 56 0=12',
    'PixelShuffle shuffle 1 1 56 57 0=2',
    'Interp nearest 1 1 two 58 0=1 1=2.000000e+00 2=2.000000e+00',
    'BinaryOp add 2 1 57 58 out 0=0',
  ].join('\n');
  const bin = Buffer.concat([
    Buffer.from([0x47, 0x6b, 0x30, 0x01]),
    Buffer.from(Uint16Array.from(weights, half).buffer),
    Buffer.from(Float32Array.from([...bias, ...slopes]).buffer),
  ]);
  const run = (picture: Picture): Maps => {
    const feature = mapsOf(picture.width, picture.height, 12, (out, x, y) => {
      let sum = bias[out] ?? 0;
      for (let c = 0; c < 3; c++) {
        for (let k = 0; k < 9; k++) {
          sum += (weights[(out * 3 + c) * 9 + k] ?? 0) * pixel(picture, c, x + (k % 3) - 1, y + Math.floor(k / 3) - 1);
        }
      }
      return sum < 0 ? sum * (slopes[out] ?? 0) : sum;
    });
    return mapsOf(picture.width * 2, picture.height * 2, 3, (channel, x, y) => {
      const [u, v] = [Math.floor(x / 2), Math.floor(y / 2)];
      return pixel(picture, channel, u, v) + pixel(feature, channel * 4 + (y % 2) * 2 + (x % 2), u, v);
    });
  };
  return { param, bin, run };
}

/** The further layers of ESRGAN, as ncnn writes and computes them. */
export function esrganNetwork(random: () => number) {
  const coarse = () => Math.round((random() - 0.5) * 16) / 32;
  const [first, second] = [9, 72].map((count) => Array.from({ length: count }, coarse)) as [number[], number[]];
  const [firstBias, secondBias] = [Array.from({ length: 3 }, coarse), Array.from({ length: 12 }, () => 0.5)];
  const param = [
    '7767517',
    '8 11',
    'Input data 0 1 data',
    'Split copies 1 2 data one two',
    'Convolution conv 1 1 one 54 0=3 1=1 4=0 5=1 6=9 9=2 -23310=1,2.500000e-01',
    'Split again 1 2 54 three four',
    'Eltwise sum 2 1 three two 55 0=1 -23301=2,5.000000e-01,1.000000e+00',
    'Concat cat 2 1 55 four 56 0=0',
    'Convolution mix 1 1 56 57 0=12 1=1 4=0 5=1 6=72',
    'PixelShuffle shuffle 1 1 57 out 0=2',
  ].join('\n');
  const block = (weights: readonly number[], bias: readonly number[]) => [
    Buffer.from([0x47, 0x6b, 0x30, 0x01]),
    Buffer.from(Uint16Array.from(weights, half).buffer),
    Buffer.alloc((weights.length % 2) * 2),
    Buffer.from(Float32Array.from(bias).buffer),
  ];
  const bin = Buffer.concat([...block(first, firstBias), ...block(second, secondBias)]);
  const run = (picture: Picture): Maps => {
    const { width, height } = picture;
    const conv = mapsOf(width, height, 3, (out, x, y) => {
      const sum = [0, 1, 2].reduce(
        (all, c) => all + (first[out * 3 + c] ?? 0) * pixel(picture, c, x, y),
        firstBias[out] ?? 0,
      );
      return sum < 0 ? sum / 4 : sum;
    });
    const mixed = mapsOf(width, height, 12, (out, x, y) =>
      [0, 1, 2].reduce((all, c) => {
        const sum = pixel(conv, c, x, y) / 2 + pixel(picture, c, x, y);
        return all + (second[out * 6 + c] ?? 0) * sum + (second[out * 6 + 3 + c] ?? 0) * pixel(conv, c, x, y);
      }, secondBias[out] ?? 0),
    );
    return mapsOf(width * 2, height * 2, 3, (channel, x, y) =>
      pixel(mixed, channel * 4 + (y % 2) * 2 + (x % 2), Math.floor(x / 2), Math.floor(y / 2)),
    );
  };
  return { param, bin, run };
}

/** A number in IEEE 754 binary16, which must hold it exactly. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const mantissa = (Math.abs(value) / 2 ** exponent - 1) * 1024;
  return (value < 0 ? 0x8000 : 0) + (exponent + 15) * 1024 + mantissa;
}
