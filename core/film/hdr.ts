import * as z from 'zod/mini';
import { parseRational } from '../units.ts';

/** Returns the kind of HDR that a transfer function is of, by ffmpeg's names (PQ: SMPTE ST 2084, HLG: ARIB STD-B67); undefined for SDR. */
export function hdrKind(transfer: string | undefined): 'PQ' | 'HLG' | undefined {
  if (transfer === 'smpte2084') return 'PQ';
  return transfer === 'arib-std-b67' ? 'HLG' : undefined;
}

const ratios = z.object({
  red_x: z.string(),
  red_y: z.string(),
  green_x: z.string(),
  green_y: z.string(),
  blue_x: z.string(),
  blue_y: z.string(),
  white_point_x: z.string(),
  white_point_y: z.string(),
  min_luminance: z.string(),
  max_luminance: z.string(),
});

const level = z.int().check(z.gte(0), z.lte(0xffff));
const light = z.object({ max_content: level, max_average: level });

/** HEVC's message and MP4's box have 16 and 32 bits for them. */
const [MOST_OF_COORDINATE, MOST_OF_LUMINANCE] = [0xffff, 0xffff_ffff];

/**
 * Returns SMPTE ST 2086 metadata in x265's notation, chromaticity in units of 0.00002 and luminance in 0.0001 cd/m²; undefined
 * where a number is larger than any file for players can state it.
 */
export function masterDisplay(sideData: unknown): string | undefined {
  const parsed = ratios.safeParse(sideData);
  if (!parsed.success) return undefined;
  const d = parsed.data;
  const coordinates = [d.green_x, d.green_y, d.blue_x, d.blue_y, d.red_x, d.red_y, d.white_point_x, d.white_point_y];
  const isStatable =
    coordinates.every((ratio) => scaled(ratio, 50_000) <= MOST_OF_COORDINATE) &&
    [d.min_luminance, d.max_luminance].every((ratio) => scaled(ratio, 10_000) <= MOST_OF_LUMINANCE);
  if (!isStatable) return undefined;
  const at = (x: string, y: string) => `(${scaled(x, 50_000)},${scaled(y, 50_000)})`;
  return [
    `G${at(d.green_x, d.green_y)}`,
    `B${at(d.blue_x, d.blue_y)}`,
    `R${at(d.red_x, d.red_y)}`,
    `WP${at(d.white_point_x, d.white_point_y)}`,
    `L(${scaled(d.max_luminance, 10_000)},${scaled(d.min_luminance, 10_000)})`,
  ].join('');
}

/** Returns CTA-861.3 light levels as "MaxCLL,MaxFALL" in cd/m²; undefined where both are 0, by which the standard means unknown, or one is larger than 16 bits hold. */
export function contentLight(sideData: unknown): string | undefined {
  const parsed = light.safeParse(sideData);
  if (!parsed.success) return undefined;
  const { max_content, max_average } = parsed.data;
  return max_content === 0 && max_average === 0 ? undefined : `${max_content},${max_average}`;
}

function scaled(ratio: string, unitsPerOne: number): number {
  const { num, den } = parseRational(ratio) ?? { num: 0, den: 1 };
  return Math.round((num * unitsPerOne) / den);
}
