import { bitsOf } from '../bytes/bits.ts';
import { annexBUnits, withoutEscapes } from '../bytes/nal-units.ts';
import type { DolbyVision } from './dolby-vision.ts';
import { hdrKind } from './hdr.ts';
import type { VideoFacts } from './probe.ts';

/** A unit of HEVC of type 62 in the base layer, and the prefix of an RPU in it (ETSI GS CCM 001, 5.3). */
const UNIT = Buffer.from([62 << 1, 1, 0x19]);
const RPU_TYPE = 2;
const LARGEST_UNIT = 2 ** 16;
const MOST_HEADER_BYTES = 64;
/** Real RPUs say it in the first; only what is no film has many that do not. */
const MOST_LOOKS = 1000;

/**
 * Returns the profile of Dolby Vision by the first RPU in a part of a file, whatever container it is of; undefined where none
 * says it. Containers have a configuration for it, which remuxing loses.
 */
export function rpuProfileIn(bytes: Buffer): number | undefined {
  let left = MOST_LOOKS;
  for (let at = bytes.indexOf(UNIT); at >= 0 && left > 0; at = bytes.indexOf(UNIT, at + 1), left--) {
    const isBehindCode = at >= 3 && bytes.readUIntBE(at - 3, 3) === 1;
    const length = at >= 4 ? bytes.readUInt32BE(at - 4) : 0;
    if (!isBehindCode && (length < UNIT.length || length > LARGEST_UNIT)) continue;
    const [unit] = isBehindCode ? annexBUnits(bytes.subarray(at - 3)) : [bytes.subarray(at, at + length)];
    const profile = unit && profileOf(withoutEscapes(unit.subarray(UNIT.length, MOST_HEADER_BYTES)));
    if (profile !== undefined) return profile;
  }
  return undefined;
}

/** Whether an RPU has no mapping of its own and names an earlier one by its number (use_prev_vdr_rpu_flag). */
export function namesEarlierRpu(unit: Buffer): boolean {
  const isRpu = unit.subarray(0, UNIT.length).equals(UNIT);
  return isRpu && headerOf(withoutEscapes(unit.subarray(UNIT.length, MOST_HEADER_BYTES)))?.namesEarlier === true;
}

const profileOf = (header: Buffer): number | undefined => headerOf(header)?.profile;

/** Reads the header of an RPU behind its prefix (ETSI GS CCM 001, 5.3.2), and tells the profile as ffmpeg does. */
function headerOf(
  header: Buffer,
): { readonly profile: number | undefined; readonly namesEarlier: boolean } | undefined {
  const bits = bitsOf(header);
  if (bits.take(6) !== RPU_TYPE) return undefined;
  const format = bits.take(11);
  const profile = bits.take(4);
  bits.take(4); // its level
  if (bits.bit() === 0 || (format & 0x700) !== 0) return undefined;
  bits.bit(); // how chroma is enlarged
  if (bits.take(2) === 0) bits.number(); // what coefficients are
  bits.take(2);
  const isFullRange = bits.bit() === 1;
  for (let depth = 0; depth < 2; depth++) bits.number(); // of the base and of the enhancement layer
  const depth = bits.number() + 8;
  bits.take(4);
  const hasLayer = bits.bit() === 1;
  const hasResidual = bits.bit() === 0;
  bits.bit(); // whether it says how displays show it
  const namesEarlier = bits.bit() === 1;
  if (profile === 0) return { profile: isFullRange ? 5 : undefined, namesEarlier };
  if (profile !== 1) return { profile: undefined, namesEarlier };
  return { profile: hasLayer && hasResidual ? (depth === 12 ? 7 : 4) : 8, namesEarlier };
}

/** Pixels a second up to each level, from the first on (Dolby Vision streams within ISOBMFF, annex). */
const LEVELS = [
  720 * 24,
  720 * 30,
  1080 * 24,
  1080 * 30,
  1080 * 60,
  2160 * 24,
  2160 * 30,
  2160 * 48,
  2160 * 60,
  2160 * 120,
];
const SHAPE = 16 / 9;

/** What a configuration would say of a film of this profile; `pixels` are those of a second. */
export function configurationOf(profile: number, { colour }: Pick<VideoFacts, 'colour'>, pixels: number): DolbyVision {
  const bySignal = { PQ: 1, HLG: 4, SDR: 2 }[hdrKind(colour.transfer) ?? 'SDR'];
  const compatibility = profile === 5 ? 0 : profile === 7 ? 6 : profile === 4 ? 2 : bySignal;
  const level = LEVELS.findIndex((most, i) => pixels <= most * linesOf(i) * SHAPE);
  return {
    ...{ profile, compatibility, level: level < 0 ? LEVELS.length + 1 : level + 1, hasRpu: true },
    hasEnhancementLayer: profile === 7 || profile === 4,
    version: { major: 1, minor: 0 },
  };
}

const linesOf = (level: number): number => (level < 2 ? 720 : level < 5 ? 1080 : 2160);
