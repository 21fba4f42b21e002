import { CODEC_NAMES, CODECS, type CodecName } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { usage } from '../errors.ts';
import { MAKERS, type Maker, makerOf } from '../settings/makers.ts';
import type { Settings } from '../settings/settings.ts';

/** Returns the rendition with the encoder that the settings ask for. Throws `usage` if that encoder cannot make it. */
export function encodedBy(
  rendition: RenditionSpec,
  { encoder = 'software', lossless = false, grain = 0 }: Partial<Settings>,
): RenditionSpec {
  if (encoder === 'software') return rendition;
  if (lossless) throw usage(`encoder=${encoder} cannot encode lossless=true; take encoder=software`);
  if (grain > 0)
    throw usage(
      `encoder=${encoder} cannot take grain out of the picture, for which grain=${grain} asks; take encoder=software`,
    );
  const codec = byCard(rendition.codec, encoder);
  if (codec) return { ...rendition, codec };
  const able = MAKERS.filter((maker) => byCard(rendition.codec, maker));
  const there = [...able, 'software'].map((each) => `encoder=${each}`).join(' or ');
  throw usage(`encoder=${encoder} does not make "${rendition.name}" (${rendition.codec}); take ${there}`);
}

/** The codec with which a maker's graphics cards replace a software codec; undefined if there is none. */
const byCard = (codec: CodecName, maker: Maker): CodecName | undefined =>
  CODEC_NAMES.find((name) => CODECS[name].insteadOf === codec && makerOf(CODECS[name].encoder) === maker);

/**
 * Throws `usage` if a graphics card is asked for more than the mezzanine of an enlarged film. The film itself is always
 * encoded by x265, tuned for grain.
 */
export function refuseFilmByCard({ encoder = 'software', mezzanine = 'none' }: Partial<Settings>): void {
  if (encoder === 'software' || (encoder === 'nvenc' && mezzanine === 'hevc-intra')) return;
  throw usage(
    `encoder=${encoder} does not make an enlarged film; encoder=nvenc makes its mezzanine, with mezzanine=hevc-intra`,
  );
}
