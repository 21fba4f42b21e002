import { codecOf } from '../codecs/index.ts';
import { encodeSpecFor } from '../encode/encode-spec-for.ts';
import { asServiceError } from '../errors.ts';
import { plainVideo } from '../film/plain-video.ts';
import type { Needs } from '../job/needs.ts';
import type { Settings } from '../settings/settings.ts';
import type { Recipe } from './recipe.ts';
import { renditionsFor } from './renditions.ts';

/** The picture for which the size of the results is foreseen: as most sources have it. Only the ratio to it counts. */
const PICTURE = { width: 1920, height: 1080 };
const FRAME_RATE = { num: 30, den: 1 };

/**
 * Returns how large the results of a recipe may become, in bits for each pixel of the source; undefined for settings that such a
 * picture does not allow.
 */
export function resultBits(recipe: Recipe, settings: Partial<Settings>): Needs['results'] {
  const video = plainVideo(PICTURE);
  try {
    const bits = renditionsFor(recipe, settings, video).map((rendition) => {
      const { spec } = encodeSpecFor({ rendition, settings, video, frameRate: FRAME_RATE, tools: {} });
      const { width, height } = spec.size;
      return (codecOf(spec).bitsPerPixel * width * height) / (PICTURE.width * PICTURE.height);
    });
    const { evenIfLarger = false, lossless = false } = settings;
    return {
      all: bits.reduce((sum, each) => sum + each, 0),
      largest: Math.max(0, ...bits),
      neverLarger: recipe.neverLarger && !evenIfLarger && !lossless,
    };
  } catch (error) {
    if (asServiceError(error).code === 'bug') throw error;
    return undefined;
  }
}
