import { readHapFrame } from './hap-frame.ts';

type Colour = readonly [number, number, number, number];

/**
 * A HAP frame's pixels as RGBA: a decoder of our own, after Vidvox's and Microsoft's specifications, to read back what was
 * written without ffmpeg.
 */
export function hapPicture(packet: Buffer, { width, height }: { width: number; height: number }): Buffer {
  const pixels = Buffer.alloc(width * height * 4);
  const images = readHapFrame(packet);
  for (const { texture, data } of images) {
    const blockBytes = texture === 'DXT1' || texture === 'BC4' ? 8 : 16;
    const columns = width / 4;
    if (data.length !== columns * (height / 4) * blockBytes) throw new Error(`${data.length} bytes of ${texture}`);
    for (let at = 0, block = 0; at < data.length; at += blockBytes, block++) {
      const bytes = data.subarray(at, at + blockBytes);
      const [x, y] = [4 * (block % columns), 4 * Math.floor(block / columns)];
      const place = (i: number) => ((y + (i >> 2)) * width + x + (i & 3)) * 4;
      if (texture === 'BC4') for (const [i, alpha] of alphasOf(bytes).entries()) pixels[place(i) + 3] = alpha;
      else
        for (const [i, colour] of blockOf(bytes).entries())
          pixels.set(texture === 'YCoCg-DXT5' ? fromYCoCg(colour) : colour, place(i));
    }
  }
  return pixels;
}

/** Sixteen pixels, row by row: of DXT1 in 8 bytes, of DXT5 in 16. */
function blockOf(block: Buffer): readonly Colour[] {
  const colours = block.subarray(block.length - 8);
  const isDxt5 = block.length === 16;
  const [first, second] = [colours.readUInt16LE(0), colours.readUInt16LE(2)];
  const [a, b] = [from565(first), from565(second)];
  const mixed = (share: number): Colour => {
    const of = (i: 0 | 1 | 2) => share * a[i] + (1 - share) * b[i];
    return [of(0), of(1), of(2), 255];
  };
  const palette =
    isDxt5 || first > second ? [a, b, mixed(2 / 3), mixed(1 / 3)] : [a, b, mixed(1 / 2), [0, 0, 0, 255] as const];
  const alphas = isDxt5 ? alphasOf(block) : undefined;
  const indices = colours.readUInt32LE(4);
  return Array.from({ length: 16 }, (_, i): Colour => {
    const [red, green, blue, opaque] = palette[(indices >>> (2 * i)) & 3] ?? a;
    return [Math.round(red), Math.round(green), Math.round(blue), alphas?.[i] ?? opaque];
  });
}

function from565(value: number): Colour {
  const scaled = (bits: number, most: number) => (bits * 255) / most;
  return [scaled(value >> 11, 31), scaled((value >> 5) & 63, 63), scaled(value & 31, 31), 255];
}

function alphasOf(block: Buffer): readonly number[] {
  const [first = 0, second = 0] = block;
  const steps = first > second ? 7 : 5;
  const palette = [first, second];
  for (let i = 1; i < steps; i++) palette.push(Math.round(((steps - i) * first + i * second) / steps));
  if (steps === 5) palette.push(0, 255);
  const indices = BigInt(block.readUIntLE(2, 6));
  return Array.from({ length: 16 }, (_, i) => palette[Number((indices >> BigInt(3 * i)) & 7n)] ?? 0);
}

/** Scaled YCoCg: red holds Co, green Cg, blue their scale, alpha Y. */
function fromYCoCg([red, green, blue, luma]: Colour): Colour {
  const scale = (blue >> 3) + 1;
  const [orange, cg] = [(red - 128) / scale, (green - 128) / scale];
  const byte = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  return [byte(luma + orange - cg), byte(luma + cg), byte(luma - orange - cg), 255];
}
