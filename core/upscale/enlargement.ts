import { ServiceError, usage } from '../errors.ts';
import type { Size } from '../film/frame-size.ts';
import { isTooLarge, LIMITS } from '../film/limits.ts';
import { ALL_MODELS, type UpscaleModel, upscaleModelNamed } from './models.ts';
import type { UsableModel } from './usable-model.ts';

export const DEVICES = ['cpu', 'cuda', 'tensorrt'] as const;
/** The device that computes: the processor, or an NVIDIA GPU through CUDA or TensorRT. */
export type Device = (typeof DEVICES)[number];

/** How a rendition's picture is enlarged. All of these values affect the pieces, and are part of their keys. */
export type Enlargement = {
  readonly model: string;
  readonly sha256: string;
  readonly scale: number;
  /** The model itself if a user registered it in `recipes.json`. */
  readonly own?: UsableModel;
  readonly device: Device;
};

/**
 * How the frames of one source are enlarged: with the size and format of the network's input, and with what follows the
 * network.
 */
export type SourceEnlargement = Enlargement & {
  readonly from: Size & { readonly pixelFormat: string };
  /** ffmpeg filters between the network and the encoder. */
  readonly finish: readonly string[];
};

export const MODEL_IDS: readonly string[] = ALL_MODELS.map(({ id }) => id);
export const SCALES = [2, 4] as const;
export const DEFAULT_MODEL = 'websr-l-rl';

/** The model of an enlargement: the user's own or a listed one. */
export const modelOf = ({ own, model }: Pick<Enlargement, 'own' | 'model'>): UsableModel =>
  own ?? upscaleModelNamed(model);

type EnlargementSettings = { readonly model?: string; readonly scale?: number; readonly device?: Device };

/**
 * The enlargement that settings ask for. A model determines the scale; a scale alone selects the default model, or the
 * first model of that scale. Throws `usage` for an unknown model or scale, and where the two contradict each other.
 */
export function enlargement(
  { model: id, scale, device = 'cpu' }: EnlargementSettings,
  own: readonly UsableModel[] = [],
): Enlargement {
  const registered = own.find((each) => each.id === id);
  const model = registered ?? (id === undefined ? modelFor(scale) : upscaleModelNamed(id));
  if (scale !== undefined && model.scale !== scale) {
    const there = withScale(scale).map((each) => each.id);
    throw usage(
      `${model.id} makes pictures ${model.scale} times as large; for scale=${scale} there are: ${there.join(', ')}`,
    );
  }
  const { sha256 } = model;
  return { model: model.id, sha256, scale: model.scale, device, ...(registered && { own: registered }) };
}

function modelFor(scale: number | undefined): UpscaleModel {
  const usual = upscaleModelNamed(DEFAULT_MODEL);
  if (scale === undefined || scale === usual.scale) return usual;
  const [first] = withScale(scale);
  if (!first) throw usage(`no model makes pictures ${scale} times as large; there are: ${SCALES.join(', ')}`);
  return first;
}

const withScale = (scale: number) => ALL_MODELS.filter((model) => model.scale === scale);

/**
 * The size of the enlarged picture: the source's times `scale` or, with a height, scaled down to it with even sides.
 * Throws `usage` for a height above the enlarged one, and `over-limit` for an enlarged picture that is too large.
 */
export function enlargedSize({ width, height }: Size, { scale }: Enlargement, wanted: number | undefined): Size {
  const whole = { width: width * scale, height: height * scale };
  if (isTooLarge(whole)) {
    throw new ServiceError(
      'over-limit',
      `${scale} times ${width}x${height} would be ${whole.width}x${whole.height}; at most ${LIMITS.side} a side and ${LIMITS.pixels} pixels (8192x8192) are possible`,
    );
  }
  return scaledToHeight(whole, wanted, { scale, height });
}

function scaledToHeight(
  whole: Size,
  wanted: number | undefined,
  { scale, height }: { scale: number; height: number },
): Size {
  if (wanted === undefined || wanted === whole.height) return whole;
  if (wanted > whole.height) {
    throw usage(`height=${wanted} is more than ${scale} times ${height} lines; it takes at most ${whole.height}`);
  }
  return { width: Math.max(2, 2 * Math.round((whole.width * wanted) / whole.height / 2)), height: wanted };
}
