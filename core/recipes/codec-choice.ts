import { CODEC_NAMES, type CodecName, codecNamed } from '../codecs/index.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { usage } from '../errors.ts';
import { streamedPixelFormat } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';
import { codecOfRung, type FilmCodec } from '../settings/codec-setting.ts';
import { makerOf } from '../settings/makers.ts';
import type { Settings } from '../settings/settings.ts';

/** The codec that makes each of the codecs that a drop can name. */
const MADE_BY = { hevc: 'x265', h264: 'x264', av1: 'svt-av1' } as const satisfies Record<FilmCodec, CodecName>;

/** Returns the rendition in the codec that the settings ask for. Throws `usage` for what that codec does not have. */
export function inCodec(
  rendition: RenditionSpec,
  { codec: asked, lossless, grain = 0, container }: Partial<Settings>,
): RenditionSpec {
  if (grain > 0 && asked !== 'av1') throw usage(`grain=${grain} needs codec=av1, whose players put grain back`);
  if (container === 'webm' && asked !== 'av1')
    throw usage('container=webm holds no HEVC and no H.264: add codec=av1, or take container=mkv');
  const usual = nameOf(rendition.codec);
  const named = asked === undefined || usual === undefined ? undefined : codecOfRung(asked, rendition.name, usual);
  if (named === undefined || named === usual) return rendition;
  if (lossless && named === 'av1')
    throw usage('codec=av1 cannot encode lossless=true, which SVT-AV1 1.4 does not have; take codec=hevc');
  return { ...rendition, codec: MADE_BY[named] };
}

const nameOf = (codec: CodecName): FilmCodec | undefined =>
  (['hevc', 'h264', 'av1'] as const).find((name) => MADE_BY[name] === codec);

/**
 * Returns the rendition in a codec that can hold this picture: its own, or the one in whose place its own would stand. Throws
 * `usage` if there is none.
 */
export function heldBy(rendition: RenditionSpec, video: VideoFacts): RenditionSpec {
  const { refusal } = codecNamed(rendition.codec);
  const pixelFormat = rendition.delivery === 'stream' ? streamedPixelFormat(video.pixelFormat) : video.pixelFormat;
  const reason = refusal?.({ ...video, pixelFormat }, rendition);
  if (reason === undefined) return rendition;
  const other = standsInFor(rendition.codec);
  if (other === undefined) throw usage(reason);
  return { ...rendition, codec: other, stays: `${rendition.name} stays ${codecNamed(other).title}: ${reason}` };
}

/** Returns the rendition in the codec that it stayed in when it was made, by ffprobe's name of the codec that was published. */
export function asStayed(rendition: RenditionSpec, published: string): RenditionSpec {
  const other = standsInFor(rendition.codec);
  if (other === undefined || codecNamed(other).decodesAs !== published) return rendition;
  return {
    ...rendition,
    codec: other,
    stays: `${rendition.name} stays ${codecNamed(other).title}, as it was made before`,
  };
}

/** The codec of recipes in whose place a codec of the processor stands; undefined where it is one of the recipes itself. */
export function standsInFor(codec: CodecName): CodecName | undefined {
  const { insteadOf, encoder } = codecNamed(codec);
  return makerOf(encoder) ? undefined : CODEC_NAMES.find((name) => name === insteadOf);
}
