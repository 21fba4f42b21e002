import type { Animation } from '../../core/film/animation.ts';
import type { Rational } from '../../core/units.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { truncated } from '../structure/refusals.ts';

const [EXTENSION, IMAGE, TRAILER, CONTROL] = [0x21, 0x2c, 0x3b, 0xf9];

/** Reads a GIF, whose delays are hundredths of a second, each before its picture. */
export async function gifAnimation(source: ByteSource): Promise<Animation> {
  const screen = await source.read(0, 13);
  if (screen.length < 13) throw truncated(source, 'it ends within its header');
  const delays: Rational[] = [];
  let hundredths = 0;
  let at = 13 + colours(screen[10]);
  while (at < source.size) {
    const [kind, label] = await source.read(at, 2);
    if (kind === EXTENSION) {
      if (label === CONTROL) hundredths = (await bytesAt(source, at, 8)).readUInt16LE(4);
      at = await afterBlocks(source, at + 2);
    } else if (kind === IMAGE) {
      const image = await bytesAt(source, at, 11);
      at = await afterBlocks(source, at + 11 + colours(image[9]));
      delays.push({ num: hundredths, den: 100 });
      hundredths = 0;
    } else {
      if (kind !== TRAILER && kind !== 0) throw truncated(source, `its picture ${delays.length} is followed by none`);
      break;
    }
  }
  return { kind: 'gif', width: screen.readUInt16LE(6), height: screen.readUInt16LE(8), delays };
}

/** Returns the bytes of a colour table, or 0 where the flags say that there is none. */
const colours = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

async function bytesAt(source: ByteSource, at: number, length: number): Promise<Buffer> {
  const bytes = await source.read(at, length);
  if (bytes.length < length) throw truncated(source, `it ends within a block at byte ${at}`);
  return bytes;
}

/** Returns the position behind a list of blocks of up to 255 bytes each, which ends with an empty block. */
async function afterBlocks(source: ByteSource, from: number): Promise<number> {
  let at = from;
  for (;;) {
    const [length] = await bytesAt(source, at, 1);
    at += 1 + (length ?? 0);
    if (length === 0) return at;
  }
}
