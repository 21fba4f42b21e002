import * as z from 'zod/mini';
import type { DolbyVision } from './dolby-vision.ts';

const number = z.optional(z.int());
const configuration = z.object({
  dv_profile: number,
  dv_level: number,
  dv_version_major: number,
  dv_version_minor: number,
  rpu_present_flag: number,
  el_present_flag: number,
  dv_bl_signal_compatibility_id: number,
});

/** Reads ffprobe's side data of Dolby Vision. Where only pictures tell of it, the profile is 0: it is not known. */
export function dolbyVisionOf(sideData: unknown): DolbyVision | undefined {
  const parsed = configuration.safeParse(sideData);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  return {
    profile: data.dv_profile ?? 0,
    level: data.dv_level ?? 0,
    compatibility: data.dv_bl_signal_compatibility_id ?? 0,
    hasRpu: data.rpu_present_flag === 1,
    hasEnhancementLayer: data.el_present_flag === 1,
    version: { major: data.dv_version_major ?? 1, minor: data.dv_version_minor ?? 0 },
  };
}
