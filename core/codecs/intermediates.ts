import { usage } from '../errors.ts';
import type { Delivery } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';

/** The intermediates of a segment on the disk, between the source and the final piece. */
export type Intermediates = {
  /** The codec of the filtered picture, before the network. */
  readonly pre: Exclude<Settings['pre'], 'stream'> | undefined;
  /** The codec of the enlarged picture, before the final encoder. */
  readonly mezzanine: Exclude<Settings['mezzanine'], 'none'> | 'hevc-nvenc-intra' | undefined;
};

/**
 * Returns the intermediates that the settings ask for; an empty object if they ask for none. A mezzanine that is kept is a
 * rendition of its own. Throws `usage` for a picture that the mezzanine of a graphics card cannot hold.
 */
export function intermediatesOf(
  settings: Partial<Settings>,
  { delivery }: { readonly delivery: Delivery },
  pixelFormat: string,
): { intermediates?: Intermediates } {
  const { pre: asked = 'stream', mezzanine: wanted = 'none' } = settings;
  const pre = asked === 'stream' ? undefined : asked;
  const byCard = mezzanineByCard(settings);
  const mezzanine = wanted === 'none' || delivery === 'edit' ? undefined : byCard ? 'hevc-nvenc-intra' : wanted;
  if (byCard && !/^yuvj?420p(10le)?$/.test(pixelFormat)) {
    throw usage(`encoder=nvenc holds 4:2:0 in 8 or 10 bits, and this picture is ${pixelFormat}; take encoder=software`);
  }
  return pre || mezzanine ? { intermediates: { pre, mezzanine } } : {};
}

/** Whether a graphics card encodes the mezzanine. */
export const mezzanineByCard = ({ encoder, mezzanine }: Partial<Settings>): boolean =>
  encoder === 'nvenc' && mezzanine === 'hevc-intra';
