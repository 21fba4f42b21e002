import { codecNamed } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { usage } from '../errors.ts';
import { containerOf } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';

/** Throws `usage` where the container that the settings ask for cannot hold the picture. */
export function refuseContainer(
  { name, codec, delivery, stays }: Pick<RenditionSpec, 'name' | 'codec' | 'delivery' | 'stays'>,
  settings: Partial<Settings>,
): void {
  const { title, decodesAs } = codecNamed(codec);
  if (containerOf(delivery, settings) === 'webm' && decodesAs !== 'av1')
    throw usage(`${stays ?? `${name} would be ${title}`}; WebM holds no ${title}, so take container=mkv`);
}
