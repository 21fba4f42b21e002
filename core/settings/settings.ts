import { usage } from '../errors.ts';
import { sphereLayout } from '../film/sphere-layout.ts';
import { didYouMean } from '../nearest.ts';
import { formatRational } from '../units.ts';
import { DEFAULT_MODEL, DEVICES, MODEL_IDS, SCALES } from '../upscale/enlargement.ts';
import { type CodecChoice, codecSetting } from './codec-setting.ts';
import { crfSetting, onScale, rangeMissed, scaleOfSettings, USUAL_RANGE } from './crf-scale.ts';
import { MAKERS } from './makers.ts';
import { PRESETS } from './presets.ts';
import {
  choice,
  crop,
  languages,
  lines,
  numberIn,
  oneOrMore,
  rate,
  segmentLength,
  wholeNumberIn,
  yesOrNo,
} from './setting-readers.ts';

export type RawSettings = Readonly<Record<string, string | number | boolean>>;

type Setting<T> = { readonly summary: string; readonly range: string; parse(text: string): T | undefined };

const CRF = 'constant rate factor: lower is better and larger';
const LANGUAGES = 'languages as eng,jpn or pt-BR; und for no language; none';

/**
 * Every setting that a drop may have: what it does, its range, and its parser. The settings' types, help, errors and `--json`
 * come from this table; a recipe says which of the settings it takes.
 */
export const SETTINGS = {
  crf: {
    summary: `${CRF}; 23-28 is recommended. codec=av1 has numbers of its own, 8-63, of which 31-43 are like these`,
    ...crfSetting(USUAL_RANGE),
  },
  preset: choice('effort of the encoder', PRESETS),
  vmaf: { summary: 'quality to reach instead of a CRF', range: '70-99', parse: numberIn(70, 99) },
  lossless: yesOrNo('keep every pixel exactly'),
  evenIfLarger: yesOrNo('publish the encode even if it is larger than the source'),
  keepSource: choice('copy the source beside the results; in a bucket to this storage class (yes: STANDARD)', [
    'no',
    'yes',
    'STANDARD_IA',
    'GLACIER_IR',
    'DEEP_ARCHIVE',
  ]),
  skipBelow: {
    summary: 'keep a source as it is that is HEVC or AV1 already, in fewer bits a pixel than this',
    range: '0.001-1, as 0.05',
    parse: numberIn(0.001, 1),
  },
  segmentSeconds: { summary: 'shortest and longest segment', range: '1-600, as 10-60', parse: segmentLength },
  profile: oneOrMore("the mezzanine's codec and size", ['proxy', 'lt', '422', 'hq', '4444', '4444xq', 'hevc-intra']),
  codec: { ...codecSetting(), summary: "the film's codec, or that of rungs, or the texture format" },
  grain: {
    summary: 'with codec=av1: how much grain is taken out, which the player puts back',
    range: '0-50',
    parse: wholeNumberIn(0, 50),
  },
  quality: choice('normal, or high (HAP Q)', ['normal', 'high']),
  chunks: {
    summary: 'how many parts a HAP frame has, which players unpack at once; by default as many as suit its pixels',
    range: '1-64',
    parse: wholeNumberIn(1, 64),
  },
  from: choice('make each rendition from the next larger one, or all from the source', ['parent', 'source']),
  scale: {
    summary: "how many times larger; by default the model's scale",
    range: SCALES.join('|'),
    parse: (text: string) => SCALES.find((scale) => String(scale) === text),
  },
  model: {
    summary: `the network that enlarges; by default ${DEFAULT_MODEL}`,
    ...modelsAmong(MODEL_IDS),
  },
  device: choice('what the network runs on', DEVICES),
  height: {
    summary: 'height of the result in lines, scaled down from the enlarged picture',
    range: '16-8192, even',
    parse: lines,
  },
  shortSide: {
    summary: 'the shorter side, to which larger pictures are scaled down',
    range: '16-8192, even',
    parse: lines,
  },
  onDemandBelow: {
    summary: 'renditions with a lower priority are made only when they are asked for',
    range: '0-1000000',
    parse: numberIn(0, 1_000_000),
  },
  deinterlace: choice(
    'auto: two pictures of each frame where parts of the film are interlaced; bob: of every frame; on: one picture of each; off: as it lies',
    ['auto', 'on', 'off', 'bob'],
  ),
  telecine: choice(
    'inverse: restore 24 film frames a second from the 30 of NTSC telecine; the film is stored on the disk meanwhile',
    ['keep', 'inverse'],
  ),
  crop: {
    summary: 'the part of the picture to keep; auto: all but black bars',
    range: 'none|auto|W:H:X:Y, even',
    parse: crop,
  },
  desqueeze: yesOrNo('make pixels square'),
  denoise: choice('reduce noise by averaging areas that hardly move', ['none', 'light', 'strong']),
  colour: choice("bt709: convert standard definition's BT.601", ['keep', 'bt709']),
  fps: {
    summary: 'pictures a second of a sequence (25 by default); upscale plays a film at another rate, as 25 to 24',
    range: '1-240, or a fraction as 24000/1001',
    parse: rate,
  },
  gaps: choice('missing pictures of a sequence: hold shows the one before for as long, close leaves them out', [
    'refuse',
    'hold',
    'close',
  ]),
  pitch: choice('the pitch of sound with a new speed: restored changes with the speed, kept stays', [
    'restored',
    'kept',
  ]),
  pre: choice('how the filtered picture reaches the network: streamed, or stored on the disk', [
    'stream',
    'proreslt',
    'prores422',
  ]),
  mezzanine: choice(
    'how the enlarged picture reaches the final encoder: streamed (none), or stored on the disk in this format',
    ['none', 'prores422', 'prores422hq', 'hevc-intra'],
  ),
  keepMezzanine: yesOrNo('publish the mezzanine too'),
  encoder: choice('x265, x264 and SVT-AV1, or the encoder of a graphics card that `doctor` finds working', [
    'software',
    ...MAKERS,
  ]),
  ocr: {
    summary: "read bitmap subtitles as text with tesseract; auto: in the stream's language, if it is installed",
    range: 'none|auto|a language of tesseract as eng, or several as eng+fra',
    parse: (text: string) => (/^(none|auto|[a-z]{3}(_[a-z]+)*(\+[a-z]{3}(_[a-z]+)*)*)$/i.test(text) ? text : undefined),
  },
  damaged: choice('accept: publish what decodes of a source that is cut short or has more than 5 % missing', [
    'refuse',
    'accept',
  ]),
  smallRungFps: choice(
    'half: every second picture on rungs up to 768x432, of sources with a steady rate over 30 pictures a second',
    ['full', 'half'],
  ),
  audio: { summary: 'the languages of sound to keep; all by default', range: LANGUAGES, parse: languages },
  subtitles: { summary: 'the languages of subtitles to keep; all by default', range: LANGUAGES, parse: languages },
  projection: {
    summary: 'how the sphere lies in a picture that does not say it; all but equirectangular is converted',
    range: 'equirectangular|eac|cubemap|dfisheye:DEGREES, the degrees that a lens sees, 170-280',
    parse: (text: string) => (sphereLayout(text) ? text : undefined),
  },
  gpx: yesOrNo('write where a GoPro or a dashcam was as GPX beside the film'),
  container: choice('mkv holds what MP4 cannot; webm is for browsers, with codec=av1', ['mp4', 'mkv', 'webm']),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [K in SettingName]: NonNullable<ReturnType<(typeof SETTINGS)[K]['parse']>> };

/**
 * Returns the settings of one drop: the recipe's defaults, replaced by what was asked for. Throws `usage` for a setting that
 * the recipe does not take, a value out of range, or two settings that exclude each other, and names what is allowed.
 */
export function resolveSettings(
  recipe: SettingRules & { id: string; defaults: Partial<Settings> },
  asked: RawSettings,
): Partial<Settings> {
  const resolved: Record<string, unknown> = { ...recipe.defaults };
  for (const [name, value] of Object.entries(asked)) {
    const known = recipe.settings.find((setting) => setting === name);
    if (!known) {
      const there = recipe.settings.map((setting) => `${setting} (${settingOf(recipe, setting).range})`).join(', ');
      throw usage(`${recipe.id} has no setting "${name}"; there are: ${there}${didYouMean(name, recipe.settings)}`);
    }
    const setting = settingOf(recipe, known);
    const parsed = setting.parse(String(value));
    if (parsed === undefined) throw usage(`${name}=${value} is out of range; it takes ${setting.range}`);
    resolved[known] = parsed;
  }
  const settings: Partial<Settings> = { ...resolved, ...usualCrf(recipe.defaults, asked, resolved) };
  const range = rangeMissed(settings, recipe.crfRange);
  if (range !== undefined) throw usage(`crf=${settings.crf} is out of range; it takes ${range}`);
  if (asked.crf !== undefined && asked.vmaf !== undefined)
    throw usage(
      `crf=${asked.crf} and vmaf=${asked.vmaf} exclude each other: vmaf searches for the CRF; give one of them`,
    );
  return settings;
}

/** A recipe's CRF is on the scale of the recipe's codec, and becomes one on the scale of the codec that is asked for. */
function usualCrf({ crf, codec }: Partial<Settings>, asked: RawSettings, resolved: Readonly<Record<string, unknown>>) {
  if (crf === undefined || asked.crf !== undefined || typeof resolved.codec !== 'string') return {};
  return {
    crf: onScale(
      crf,
      scaleOfSettings({ ...(codec !== undefined && { codec }) }),
      scaleOfSettings({ codec: resolved.codec }),
    ),
  };
}

type SettingRules = {
  readonly settings: readonly SettingName[];
  readonly crfRange?: readonly [number, number];
  readonly ownModels?: readonly { readonly id: string }[];
  readonly codecs?: CodecChoice;
};

/** Returns a setting with the range that one recipe gives it. */
export function settingOf(
  { crfRange, ownModels = [], codecs }: SettingRules,
  name: SettingName,
): Setting<Settings[SettingName]> {
  if (name === 'model') return { ...SETTINGS.model, ...modelsAmong([...MODEL_IDS, ...ownModels.map(({ id }) => id)]) };
  if (name === 'codec') return codecSetting(codecs);
  if (name !== 'crf' || !crfRange) return SETTINGS[name];
  return { summary: CRF, ...crfSetting(crfRange) };
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

/** A setting's value as people would write it; undefined if the value is undefined. */
export function settingText(value: Settings[SettingName] | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  if ('den' in value) return formatRational(value);
  return 'shortest' in value
    ? `${value.shortest}-${value.longest}`
    : [value.width, value.height, value.left, value.top].join(':');
}
