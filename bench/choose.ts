import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import type { Size } from '../core/film/frame-size.ts';
import { plainVideo } from '../core/film/plain-video.ts';
import { bdRate, type RatePoint } from '../core/quality/bd-rate.ts';
import { preserve } from '../core/recipes/preserve.ts';
import type { Preset } from '../core/settings/presets.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { type Choice, choiceChart } from './choice-chart.ts';
import { DEMO } from './clips.ts';
import { cpuSeconds } from './codecs.ts';
import { type Measurement, median, type Options, type ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, mustRun, once } from './run.ts';
import { vmafOf } from './vmaf.ts';

export const CHART = 'docs/images/choosing-a-codec.svg';

/** Measures what each codec and preset costs and saves; defaults of recipes are chosen by it (docs/quality.md). */
export const choose: Measurement = {
  name: 'choose',
  about:
    'x265 and SVT-AV1 by preset, each at four CRFs, with the arguments of `preserve`, on a real clip, those given by `--clip` (24 frames from its middle, at most 1280 wide), and three that are made (grain laid over the first, a page that scrolls, a loop for the stage): bytes for the same VMAF against x265 `medium` (BD-rate; below 0: fewer), and the CPU time of the encodes together against its. ffmpeg up to 7.0 has no XPSNR. The medians over the clips are drawn in docs/images/choosing-a-codec.svg.',
  async measure(options) {
    const clips = await clipsOf(options);
    const presets = options.quick ? (['ultrafast', 'medium'] as const) : PRESETS;
    const choices: Choice[] = [];
    const rows: ResultRow[] = [];
    for (const clip of clips) {
      const usual = await curveOf(clip, 'x265', 'medium', options.quick);
      for (const codec of ['x265', 'svt-av1'] as const) {
        for (const preset of presets) {
          const isUsual = codec === 'x265' && preset === 'medium';
          const curve = isUsual ? usual : await curveOf(clip, codec, preset, options.quick);
          const choice = { clip: clip.name, codec, preset, ...against(usual, curve) };
          choices.push(choice);
          if (!isUsual) rows.push(rowOf(choice));
        }
      }
    }
    const medians = mediansOf(choices);
    if (!options.quick) {
      await mkdir(dirname(CHART), { recursive: true });
      await writeFile(CHART, choiceChart(medians, choices));
    }
    return [...medians.filter(({ codec, preset }) => codec !== 'x265' || preset !== 'medium').map(rowOf), ...rows];
  },
};

const PRESETS = ['ultrafast', 'veryfast', 'fast', 'medium', 'slow'] as const satisfies readonly Preset[];
const CRFS: Readonly<Record<'x265' | 'svt-av1', readonly number[]>> = {
  x265: [18, 23, 28, 33],
  'svt-av1': [20, 30, 40, 50],
};

type Clip = Size & { readonly name: string; readonly path: string };

/** The clips as uncompressed frames, so that reading them costs hardly anything. */
async function clipsOf({ quick, given }: Options): Promise<readonly Clip[]> {
  const [width, height, frames] = quick ? [160, 90, 10] : [1280, 720, 24];
  const scaled = `scale=${width}:${height}:flags=lanczos`;
  const smaller = `scale='min(iw,${width})':-2:flags=lanczos`;
  const made = (source: string) => ['-f', 'lavfi', '-i', source];
  const page = Array.from({ length: 40 }, (_, i) => `line ${i} of a page with small text, ${(i * 7919) % 10007}`);
  const drawn = `drawtext=text='${page.join('\n')}':fontsize=${height / 30}:line_spacing=6:x=20:y=20-6*n:fontcolor=black`;
  const kinds: readonly (readonly [string, readonly string[], string])[] = [
    ['phone', ['-i', DEMO], scaled],
    ...(await Promise.all(
      given.map(async (clip) => [basename(clip), ['-ss', await middleOf(clip), '-i', clip], smaller] as const),
    )),
    ['phone with grain', ['-i', DEMO], `${scaled},noise=alls=12:allf=t:all_seed=1`],
    ['page that scrolls', made(`color=white:size=${width}x${height}:rate=30`), drawn],
    ['loop', made(`gradients=size=${width}x${height}:rate=30:speed=0.05:seed=7:n=6`), 'hue=H=0.02*n'],
  ];
  return Promise.all(
    kinds.map(async ([name, input, filter]) => {
      const path = await once(`choose-${width}-${frames}-${name.replaceAll(/\W/g, '-')}.nut`, (to) =>
        ffmpeg(
          ...[...input, '-an', '-frames:v', `${frames}`, '-vf', `${filter},format=yuv420p`, '-fps_mode', 'passthrough'],
          ...['-c:v', 'rawvideo', to],
        ),
      );
      return { name, path, ...(await sizeOf(path)) };
    }),
  );
}

async function sizeOf(path: string): Promise<Size> {
  const [width = 0, height = 0] = (await shownBy(path, 'stream=width,height')).split(',').map(Number);
  return { width, height };
}

const middleOf = async (path: string) => `${Number(await shownBy(path, 'format=duration')) / 2}`;

async function shownBy(path: string, entries: string): Promise<string> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'csv=p=0', path];
  return (await mustRun('ffprobe', args)).stdout.trim();
}

type Curve = { readonly cpu: number; readonly points: readonly RatePoint[] };

/** A curve that was measured whole is kept, so that a run that was stopped goes on where it ended. */
async function curveOf(clip: Clip, codec: 'x265' | 'svt-av1', preset: Preset, quick: boolean): Promise<Curve> {
  const name = `choose-${basename(clip.path)}-${codec}-${preset}.json`;
  const path = await once(name, async (to) =>
    writeFile(to, JSON.stringify(await measureCurve(clip, codec, preset, quick))),
  );
  return JSON.parse(await readFile(path, 'utf8'));
}

async function measureCurve(clip: Clip, codec: 'x265' | 'svt-av1', preset: Preset, quick: boolean): Promise<Curve> {
  const points: RatePoint[] = [];
  let cpu = 0;
  for (const crf of quick ? CRFS[codec].slice(1, 3) : CRFS[codec]) {
    const output = join(await cacheFolder(), 'choose-out.nut');
    const args = argsOf(clip, codec, { preset, crf });
    cpu += await cpuSeconds('ffmpeg', ['-nostdin', '-y', '-i', clip.path, ...args, '-f', 'nut', output]);
    const { mean } = await vmafOf(output, clip.path, clip, Number.MAX_SAFE_INTEGER);
    points.push({ bytes: (await stat(output)).size, quality: mean });
  }
  return { cpu, points };
}

function argsOf({ width, height }: Clip, codec: keyof typeof CRFS, asked: { preset: Preset; crf: number }) {
  const [rendition] = preserve.renditions;
  const video = plainVideo({ width, height });
  const settings = resolveSettings(preserve, { ...asked, codec: codec === 'x265' ? 'hevc' : 'av1' });
  const { spec } = encodeSpecFor({
    rendition: { ...rendition, codec },
    ...{ settings, video, frameRate: { num: 30, den: 1 }, tools: {} },
  });
  return [...(spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : []), ...encoderArgs(spec)];
}

const against = (usual: Curve, { cpu, points }: Curve) => ({
  bytes: bdRate(usual.points, points),
  cpu: cpu / usual.cpu,
});

function mediansOf(choices: readonly Choice[]): readonly Choice[] {
  const names = [...new Set(choices.map(({ codec, preset }) => `${codec} ${preset}`))];
  return names.flatMap((name) => {
    const of = choices.filter(({ codec, preset }) => `${codec} ${preset}` === name);
    const [first] = of;
    if (!first) return [];
    const told = of.map(({ bytes }) => bytes).filter((bytes) => !Number.isNaN(bytes));
    return [{ ...first, clip: 'median', bytes: median(told), cpu: median(of.map(({ cpu }) => cpu)) }];
  });
}

const rowOf = ({ clip, codec, preset, bytes, cpu }: Choice): ResultRow => ({
  what: `${clip}: ${codec} ${preset}`,
  found: Number.isNaN(bytes)
    ? `no quality in common, CPU x ${cpu.toFixed(2)}`
    : `${bytes < 0 ? '' : '+'}${(100 * bytes).toFixed(0)} % bytes, CPU x ${cpu.toFixed(2)}`,
});
