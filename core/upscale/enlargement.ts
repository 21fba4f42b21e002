import { ServiceError, usage } from '../errors.ts';
import type { Size } from '../film/frame-size.ts';
import { isTooLarge, LIMITS } from '../film/limits.ts';
import { ALL_MODELS, type UpscaleModel, upscaleModelNamed } from './models.ts';
import type { UsableModel } from './usable-model.ts';

export const DEVICES = ['cpu', 'cuda', 'tensorrt'] as const;
/** What computes: the processor, or an NVIDIA GPU through CUDA's or TensorRT's kernels. */
export type Device = (typeof DEVICES)[number];

/** How a rendition's picture is enlarged: all of it shapes the pieces, and goes into their keys. */
export type Enlargement = {
  readonly model: string;
  readonly sha256: string;
  readonly scale: number;
  /** One that a user registered. */
  readonly own?: UsableModel;
  readonly device: Device;
};

/** The same for one source: what the network is given, and what is done to what it gives. */
export type SourceEnlargement = Enlargement & {
  readonly from: Size & { readonly pixelFormat: string };
  /** ffmpeg's filters, before the encoder. */
  readonly finish: readonly string[];
};

export const MODEL_IDS: readonly string[] = ALL_MODELS.map(({ id }) => id);
export const SCALES = [2, 4] as const;
export const DEFAULT_MODEL = 'websr-l-rl';

/** The model that enlarges: one of a user's own, or a listed one. */
export const modelOf = ({ own, model }: Pick<Enlargement, 'own' | 'model'>): UsableModel =>
  own ?? upscaleModelNamed(model);

type EnlargementSettings = { readonly model?: string; readonly scale?: number; readonly device?: Device };

/**
 * The model that settings ask for. One that is named says how large by itself; a scale alone takes the default model, or
 * the first that has it. Throws `usage` where the two contradict each other.
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
 * So many times as large; or, with a height, brought down to it, sides even. Throws `usage` for a height it does not reach,
 * and `over-limit` for a picture that gets too large.
 */
export function enlargedSize({ width, height }: Size, { scale }: Enlargement, wanted: number | undefined): Size {
  const whole = { width: width * scale, height: height * scale };
  if (isTooLarge(whole)) {
    throw new ServiceError(
      'over-limit',
      `${scale} times ${width}x${height} would be ${whole.width}x${whole.height}; at most ${LIMITS.side} a side and ${LIMITS.pixels} pixels (8192x8192) can be worked on`,
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
    throw usage(`height=${wanted} is more than ${scale} times ${height} lines are; it takes at most ${whole.height}`);
  }
  return { width: Math.max(2, 2 * Math.round((whole.width * wanted) / whole.height / 2)), height: wanted };
}
