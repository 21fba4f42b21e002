import { type CodecName, codecNamed } from '../codecs/index.ts';
import type { AwsPrices } from '../storage/list-prices.ts';

/** An output that AWS Elemental MediaConvert would make instead of a rendition. */
type ConvertedOutput = {
  readonly codec: CodecName;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly minutes: number;
};

/** Shorter outputs are charged as ten seconds. */
const LEAST_MINUTES = 10 / 60;

/** The tier that makes a codec, by ffprobe's name of it; a codec without one cannot be had there. */
const TIERS: Readonly<Record<string, 'basic' | 'professional'>> = {
  h264: 'basic',
  hevc: 'professional',
  prores: 'professional',
};

/**
 * Returns the least that MediaConvert takes for an output, or undefined if it does not make this codec. Its normalized
 * minutes count a picture of 720 lines twice and of more than 1080 lines four times, and more than 30 frames a second twice;
 * for HEVC, ProRes and several passes it counts more, by factors that could not be checked here and are left out.
 */
export function mediaConvertUsd({ codec, width, height, fps, minutes }: ConvertedOutput, prices: AwsPrices) {
  const tier = TIERS[codecNamed(codec).decodesAs];
  if (tier === undefined) return undefined;
  const minute = prices.find(tier === 'basic' ? 'mediaConvertBasicMinute' : 'mediaConvertProfessionalMinute');
  const lines = Math.min(width, height);
  const bySize = lines < 720 ? 1 : lines <= 1080 ? 2 : 4;
  return minute === undefined ? undefined : Math.max(minutes, LEAST_MINUTES) * bySize * (fps > 30 ? 2 : 1) * minute;
}
