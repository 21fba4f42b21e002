import { usage } from '../errors.ts';
import { DEFAULT_MODEL, DEVICES, MODEL_IDS, SCALES } from '../upscale/enlargement.ts';

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
  readonly onDemandBelow: number;
};
export type SettingName = keyof Settings;
export type RawSettings = Readonly<Record<string, string | number | boolean>>;

/** Shortest and longest, in seconds. */
export type SegmentLength = { readonly shortest: number; readonly longest: number };

export const PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;
export type Preset = (typeof PRESETS)[number];

const PROFILES = ['proxy', 'lt', '422', 'hq', 'hevc-intra'] as const;
const VJ_CODECS = ['hap', 'hapq', 'hapalpha', 'dxv'] as const;
const QUALITIES = ['normal', 'high'] as const;
const PARENTS = ['parent', 'source'] as const;

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
    range: MODEL_IDS.join('|'),
    parse: oneOf(MODEL_IDS),
  },
  device: { summary: 'what the network runs on', range: DEVICES.join('|'), parse: oneOf(DEVICES) },
  height: { summary: 'lines in the end, scaled down from the enlarged picture', range: '16-8192, even', parse: lines },
  onDemandBelow: {
    summary: 'renditions whose priority is lower are made when they are asked for',
    range: '0-1000000',
    parse: numberIn(0, 1_000_000),
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

type Settled = { readonly settings: readonly SettingName[]; readonly crfRange?: readonly [number, number] };

/** A setting as one recipe takes it. */
export function settingOf({ crfRange }: Settled, name: SettingName): Setting<Settings[SettingName]> {
  if (name !== 'crf' || !crfRange) return SETTINGS[name];
  return { ...SETTINGS.crf, range: crfRange.join('-'), parse: numberIn(...crfRange) };
}

function lines(text: string): number | undefined {
  const value = numberIn(16, 8192)(text);
  return value !== undefined && value % 2 === 0 ? value : undefined;
}

function numberIn(low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : undefined;
  };
}

function oneOf<T extends string>(values: readonly T[]) {
  return (text: string) => values.find((value) => value === text);
}

function bool(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function segmentLength(text: string): SegmentLength | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text);
  if (!match) return undefined;
  const shortest = Number(match[1]);
  const longest = Number(match[2] ?? match[1]);
  return shortest >= 1 && shortest <= longest && longest <= 600 ? { shortest, longest } : undefined;
}

/** A setting's value as it would be written; undefined where there is none. */
export function settingText(value: Settings[SettingName] | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? `${value.shortest}-${value.longest}` : String(value);
}
