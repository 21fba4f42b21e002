import type { Animation } from '../../core/film/animation.ts';
import type { Rational } from '../../core/units.ts';
import type { ByteSource } from '../structure/byte-source.ts';
import { truncated } from '../structure/refusals.ts';

const SIGNATURE_BYTES = 8;
const AROUND_BYTES = 12; // a chunk's length, name and checksum

/** Reads an APNG, whose delays are fractions of a second; a denominator of 0 means hundredths. */
export async function apngAnimation(source: ByteSource): Promise<Animation> {
  const header = await source.read(SIGNATURE_BYTES, 16);
  if (header.length < 16) throw truncated(source, 'it ends within its header');
  const delays: Rational[] = [];
  let announced = 0;
  let at = SIGNATURE_BYTES;
  for (let name = ''; name !== 'IEND'; ) {
    const head = await source.read(at, 8);
    const end = head.length < 8 ? Number.POSITIVE_INFINITY : at + AROUND_BYTES + head.readUInt32BE(0);
    if (end > source.size) {
      if (announced > 0) throw truncated(source, `it ends within its picture ${delays.length}`);
      break; // the file is a still picture, which is refused elsewhere
    }
    name = head.toString('latin1', 4, 8);
    if (name === 'acTL') announced = (await source.read(at + 8, 4)).readUInt32BE(0);
    if (name === 'fcTL' && end - at === AROUND_BYTES + 26) delays.push(delayOf(await source.read(at + 28, 4)));
    at = end;
  }
  if (announced > delays.length) throw truncated(source, `it has ${delays.length} of ${announced} pictures`);
  const shown = announced === 0 ? [] : delays;
  return { kind: 'apng', width: header.readUInt32BE(8), height: header.readUInt32BE(12), delays: shown };
}

const delayOf = (bytes: Buffer): Rational => ({ num: bytes.readUInt16BE(0), den: bytes.readUInt16BE(2) || 100 });
