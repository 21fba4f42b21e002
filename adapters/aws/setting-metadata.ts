import type { RawSettings } from '../../core/settings/settings.ts';

/** The prefix of settings in an object's metadata. S3 converts names to lower case: `x-amz-meta-reelmill-eveniflarger`. */
export const SETTING_PREFIX = 'reelmill-';

/** The metadata of an object that is dropped with these settings. */
export const metadataOf = (settings: RawSettings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`${SETTING_PREFIX}${name.toLowerCase()}`, `${value}`]),
  );
