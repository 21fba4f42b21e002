import { MAKERS } from '../encode/codecs/makers.ts';
import { PRESETS, type Preset } from '../encode/presets.ts';
import { usage } from '../errors.ts';
import type { SegmentLength } from '../segments/borders.ts';
import { formatRational, type Rational } from '../units.ts';
import type { CropArea } from '../upscale/crop-area.ts';
import { DEFAULT_MODEL, DEVICES, MODEL_IDS, SCALES } from '../upscale/enlargement.ts';
import { bool, crop, lines, numberIn, oneOf, segmentLength } from './setting-readers.ts';

/** What a drop may ask for, by name. A recipe says which of them it takes. */
export type Settings = {
  readonly crf: number;
  readonly preset: Preset;
  readonly vmaf: number;
  readonly lossless: boolean;
  readonly evenIfLarger: boolean;
  readonly segmentSeconds: SegmentLength;
  readonly container: 'mp4' | 'mkv';
  readonly profile: (typeof PROFILES)[number];
  readonly codec: (typeof VJ_CODECS)[number];
  readonly quality: (typeof QUALITIES)[number];
  readonly from: (typeof PARENTS)[number];
  readonly scale: (typeof SCALES)[number];
  readonly model: string;
  readonly device: (typeof DEVICES)[number];
  readonly height: number;
  readonly shortSide: number;
  readonly onDemandBelow: number;
  readonly deinterlace: (typeof DEINTERLACE)[number];
  readonly telecine: (typeof TELECINE)[number];
  readonly crop: 'none' | 'auto' | CropArea;
  readonly desqueeze: boolean;
  readonly denoise: (typeof DENOISE)[number];
  readonly colour: (typeof COLOURS)[number];
  readonly fps: Rational;
  readonly pitch: (typeof PITCHES)[number];
  readonly pre: (typeof PRE)[number];
  readonly mezzanine: (typeof MEZZANINES)[number];
  readonly keepMezzanine: boolean;
  readonly encoder: (typeof ENCODERS)[number];
  /** none, auto, or tesseract's name of a language, or several as "eng+fra". */
  readonly ocr: string;
  readonly damaged: (typeof DAMAGED)[number];
};
export type SettingName = keyof Settings;
export type RawSettings = Readonly<Record<string, string | number | boolean>>;

const PROFILES = ['proxy', 'lt', '422', 'hq', 'hevc-intra'] as const;
const VJ_CODECS = ['hap', 'hapq', 'hapalpha', 'dxv'] as const;
const QUALITIES = ['normal', 'high'] as const;
const PARENTS = ['parent', 'source'] as const;
const ENCODERS = ['software', ...MAKERS] as const;

const DEINTERLACE = ['auto', 'on', 'off'] as const;
const TELECINE = ['keep', 'inverse'] as const;
const DENOISE = ['none', 'light', 'strong'] as const;
const COLOURS = ['keep', 'bt709'] as const;
const RATES: Readonly<Record<string, Rational>> = {
  '24': { num: 24, den: 1 },
  '23.976': { num: 24_000, den: 1001 },
  '24000/1001': { num: 24_000, den: 1001 },
  '25': { num: 25, den: 1 },
};
const PRE = ['stream', 'proreslt', 'prores422'] as const;
const MEZZANINES = ['none', 'prores422', 'prores422hq', 'hevc-intra'] as const;
const DAMAGED = ['refuse', 'accept'] as const;
const PITCHES = ['restored', 'kept'] as const;

type Setting<T> = { readonly summary: string; readonly range: string; parse(text: string): T | undefined };

/** One line a setting: what it does, what it may be, and how it is read. Help, errors and docs all come from here. */
export const SETTINGS: { readonly [K in SettingName]: Setting<Settings[K]> } = {
  crf: { summary: 'constant rate factor: lower is better and larger', range: '23-28', parse: numberIn(23, 28) },
  preset: { summary: 'effort of the encoder', range: PRESETS.join('|'), parse: oneOf(PRESETS) },
  vmaf: { summary: 'quality to reach instead of a CRF', range: '70-99', parse: numberIn(70, 99) },
  lossless: { summary: 'every pixel as it was', range: 'true|false', parse: bool },
  evenIfLarger: {
    summary: 'publish the encode even if it is larger than the source',
    range: 'true|false',
    parse: bool,
  },
  segmentSeconds: { summary: 'shortest and longest segment', range: '1-600, as 10-60', parse: segmentLength },
  profile: { summary: "the mezzanine's codec and size", range: PROFILES.join('|'), parse: oneOf(PROFILES) },
  codec: { summary: 'the texture format', range: VJ_CODECS.join('|'), parse: oneOf(VJ_CODECS) },
  quality: { summary: 'high is HAP Q', range: QUALITIES.join('|'), parse: oneOf(QUALITIES) },
  from: {
    summary: 'make each rendition from the next larger one, or all from the source',
    range: PARENTS.join('|'),
    parse: oneOf(PARENTS),
  },
  scale: {
    summary: 'how many times as large; left out, as the model has it',
    range: SCALES.join('|'),
    parse: (text) => SCALES.find((scale) => String(scale) === text),
  },
  model: {
    summary: `the network that enlarges; left out, ${DEFAULT_MODEL}`,
    ...modelsAmong(MODEL_IDS),
  },
  device: { summary: 'what the network runs on', range: DEVICES.join('|'), parse: oneOf(DEVICES) },
  height: { summary: 'lines in the end, scaled down from the enlarged picture', range: '16-8192, even', parse: lines },
  shortSide: {
    summary: 'what the shorter side of a larger picture is brought to',
    range: '16-8192, even',
    parse: lines,
  },
  onDemandBelow: {
    summary: 'renditions whose priority is lower are made when they are asked for',
    range: '0-1000000',
    parse: numberIn(0, 1_000_000),
  },
  deinterlace: {
    summary: 'one whole frame for each frame of two fields; auto: where the picture is interlaced',
    range: DEINTERLACE.join('|'),
    parse: oneOf(DEINTERLACE),
  },
  telecine: {
    summary: 'inverse: 24 whole frames of the 30 that film was made to for NTSC; the film lies on the disk for that',
    range: TELECINE.join('|'),
    parse: oneOf(TELECINE),
  },
  crop: {
    summary: 'what is kept of the picture; auto: all but black bars',
    range: 'none|auto|W:H:X:Y, even',
    parse: crop,
  },
  desqueeze: { summary: 'make pixels square', range: 'true|false', parse: bool },
  denoise: { summary: 'average what hardly moves', range: DENOISE.join('|'), parse: oneOf(DENOISE) },
  colour: { summary: "bt709: convert standard definition's BT.601", range: COLOURS.join('|'), parse: oneOf(COLOURS) },
  fps: {
    summary: 'the same frames at another rate, with everything that goes with them: 25 to 24',
    range: Object.keys(RATES).join('|'),
    parse: (text) => RATES[text],
  },
  pitch: {
    summary: 'of retimed sound: restored goes with the speed, kept stays as it is',
    range: PITCHES.join('|'),
    parse: oneOf(PITCHES),
  },
  pre: {
    summary: 'the filtered picture on its way to the network: streamed, or on the disk',
    range: PRE.join('|'),
    parse: oneOf(PRE),
  },
  mezzanine: {
    summary: 'the enlarged picture on its way to the final encoder: none, or on the disk as this',
    range: MEZZANINES.join('|'),
    parse: oneOf(MEZZANINES),
  },
  keepMezzanine: { summary: 'publish the mezzanine too', range: 'true|false', parse: bool },
  encoder: {
    summary: 'x265 and x264, or the encoder of a graphics card that `doctor` finds working',
    range: ENCODERS.join('|'),
    parse: oneOf(ENCODERS),
  },
  ocr: {
    summary: "bitmap subtitles read as text, by tesseract; auto: in the stream's language, where both are here",
    range: 'none|auto|a language of tesseract as eng, or several as eng+fra',
    parse: (text) => (/^(none|auto|[a-z]{3}(_[a-z]+)*(\+[a-z]{3}(_[a-z]+)*)*)$/i.test(text) ? text : undefined),
  },
  damaged: {
    summary: 'accept: publish what decodes of a source that is cut short, or of which more than 5 % are missing',
    range: DAMAGED.join('|'),
    parse: oneOf(DAMAGED),
  },
  container: { summary: 'mkv holds what MP4 cannot', range: 'mp4|mkv', parse: oneOf(['mp4', 'mkv'] as const) },
};

/**
 * The settings of one drop: the recipe's own, overlaid with what was asked for. Throws `usage` for a setting the recipe
 * does not take or a value out of range, naming what there is.
 */
export function resolveSettings(
  recipe: Settled & { id: string; defaults: Partial<Settings> },
  asked: RawSettings,
): Partial<Settings> {
  const resolved: Record<string, unknown> = { ...recipe.defaults };
  for (const [name, value] of Object.entries(asked)) {
    const known = recipe.settings.find((setting) => setting === name);
    if (!known) {
      const there = recipe.settings.map((setting) => `${setting} (${settingOf(recipe, setting).range})`).join(', ');
      throw usage(`${recipe.id} has no setting "${name}"; there are: ${there}`);
    }
    const setting = settingOf(recipe, known);
    const parsed = setting.parse(String(value));
    if (parsed === undefined) throw usage(`${name}=${value} is out of range; it takes ${setting.range}`);
    resolved[known] = parsed;
  }
  return resolved as Partial<Settings>;
}

type Settled = {
  readonly settings: readonly SettingName[];
  readonly crfRange?: readonly [number, number];
  readonly ownModels?: readonly { readonly id: string }[];
};

/** A setting as one recipe takes it. */
export function settingOf({ crfRange, ownModels = [] }: Settled, name: SettingName): Setting<Settings[SettingName]> {
  if (name === 'model') return { ...SETTINGS.model, ...modelsAmong([...MODEL_IDS, ...ownModels.map(({ id }) => id)]) };
  if (name !== 'crf' || !crfRange) return SETTINGS[name];
  return { ...SETTINGS.crf, range: crfRange.join('-'), parse: numberIn(...crfRange) };
}

function modelsAmong(there: readonly string[]) {
  return {
    range: `${there.join('|')}, or two with a comma between them to compare them`,
    parse(text: string): string | undefined {
      const ids = text.split(',');
      return ids.length <= 2 && new Set(ids).size === ids.length && ids.every((id) => there.includes(id))
        ? text
        : undefined;
    },
  };
}

/** A setting's value as it would be written; undefined where there is none. */
export function settingText(value: Settings[SettingName] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  if ('den' in value) return formatRational(value);
  return 'shortest' in value
    ? `${value.shortest}-${value.longest}`
    : [value.width, value.height, value.left, value.top].join(':');
}
