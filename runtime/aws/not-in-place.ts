import type { InPlace } from '../../core/ports/in-place.ts';

/** In a bucket no source is ever replaced. */
export const notInPlace: InPlace = {
  async replace({ source }) {
    throw new Error(`${source} is in a bucket, where no source is replaced`);
  },
  async note() {},
  async resultOf() {
    return undefined;
  },
};
