import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assumedSource, jobCost } from '../app/plan/job-cost.ts';
import { planFigures } from '../app/plan/plan-figures.ts';
import { fanOut } from '../core/dispatch/fan-out.ts';
import { LONGEST_SINGLE_SECONDS, SIZES } from '../core/dispatch/route.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { type BilledWork, jobBill } from '../core/plan/job-bill.ts';
import { preserve } from '../core/recipes/preserve.ts';
import type { Preset } from '../core/settings/presets.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { listedPrices } from '../core/storage/list-prices.ts';
import { DEMO, PLAIN_1080P } from './clips.ts';
import { cpuSeconds } from './codecs.ts';
import { type Measurement, median, type Options, type ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, mustRun, once } from './run.ts';

const PRESETS = ['medium', 'veryfast'] as const satisfies readonly Preset[];
const FRAMES = 24;
const SIZE = { width: 1920, height: 1080 };
const HOUR = { ...SIZE, fps: 24, minutes: 60 };
const GOALS: Partial<Readonly<Record<Preset, number>>> = { medium: 0.07 };
/** Six clips are measured: real ones as far as they are given, and made ones for the rest. */
const CLIPS = 6;

/** Measures the speed of the default on six clips, and computes what an hour of film costs on Fargate Spot at their median. */
export const hour: Measurement = {
  name: 'hour',
  about: `What an hour of 1080p24 costs on Fargate Spot, the whole bill as \`plan\` computes it, by the dated prices of docs/storage.md, at the median speed of ${CLIPS} clips: the demo clip, those given by \`--clip\`, and as many made ones as are missing (grain on the demo clip, a page that scrolls, a loop, a test picture). Measured here: the CPU time of libx265 with the arguments of \`preserve\` for ${FRAMES} frames of each, scaled to 1080p, from its middle. CPU time itself grows where others share the cores' caches; so each bill stands here twice: as measured, and with the demo clip at the speed that plans count on (\`speed by preset\`, measured on a quiet machine) and the others in proportion. Assumed: all that docs/storage.md names, so that a vCPU of arm64 is as fast as one of x86_64.`,
  async measure(options) {
    const clips = await clipsOf(options);
    const rows: ResultRow[] = [];
    for (const preset of options.quick ? PRESETS.slice(-1) : PRESETS) {
      const speeds: number[] = [];
      for (const { path } of clips) speeds.push(await megapixels(path, preset, options));
      const each = clips.map(({ name }, i) => `${name} ${(speeds[i] ?? 0).toFixed(1)}`).join(', ');
      rows.push({
        what: `${preset}: speed`,
        found: `median ${median(speeds).toFixed(1)} Mpx/s of CPU (${each}); plans count on ${plannedMegapixels(preset).toFixed(1)}`,
      });
      rows.push(...bills(preset, median(speeds), 'as measured'));
      // how much harder or easier clips are than each other shows on a busy machine too
      const asPlanned = (plannedMegapixels(preset) * median(speeds)) / (speeds[0] ?? 1);
      rows.push(...bills(preset, asPlanned, `demo clip at ${plannedMegapixels(preset).toFixed(0)} Mpx/s`));
    }
    return rows;
  },
};

/** The bills of an hour, by the size and the processor of its tasks. */
function bills(preset: Preset, speed: number, how: string): readonly ResultRow[] {
  const goal = GOALS[preset];
  return (['x86', 'arm'] as const).flatMap((architecture) =>
    [2, 4].map((vcpu): ResultRow => {
      const usd = billOf(preset, speed, { vcpu, architecture });
      return {
        what: `${preset}, ${how}: ${architecture === 'arm' ? 'arm64' : 'x86_64'}, tasks of ${vcpu} vCPU`,
        found: `$${usd.toFixed(3)}`,
        ...(goal !== undefined && { goal: `at most $${goal.toFixed(2)}`, met: usd <= goal }),
      };
    }),
  );
}

type TaskKind = { readonly vcpu: number; readonly architecture: 'x86' | 'arm' };

function billOf(preset: Preset, speed: number, { vcpu, architecture }: TaskKind): number {
  const prices = listedPrices();
  const planned = workOf(preset);
  const encodeSeconds = (planned.encodeSeconds * plannedMegapixels(preset)) / speed;
  const size = SIZES.find((each) => each.vcpu === vcpu) ?? planned.size;
  const { tasks } = fanOut(
    {
      pieces: planned.pieces,
      vcpuSeconds: (encodeSeconds * 2) / vcpu,
      pixels: SIZE.width * SIZE.height,
      preset,
      compute: 'cpu',
    },
    0,
  );
  const isSingle = encodeSeconds / vcpu <= LONGEST_SINGLE_SECONDS;
  const way = isSingle ? ({ way: 'single', tasks: 1 } as const) : ({ way: 'workflow', tasks } as const);
  return jobBill({ ...planned, ...way, encodeSeconds, size, architecture }, 'spot', prices).usd;
}

/** The work of an hour as `plan` computes it, from the speed that it counts on. */
function workOf(preset: Preset): BilledWork {
  const order = { recipe: preserve, settings: { preset } };
  const planned = planFigures(HOUR, order, 2);
  return jobCost({ ...planned, source: assumedSource(planned.source, undefined) }, order, { prices: listedPrices() })
    .work;
}

const plannedMegapixels = (preset: Preset): number =>
  (HOUR.minutes * 60 * HOUR.fps * SIZE.width * SIZE.height) / 1e6 / workOf(preset).encodeSeconds;

/**
 * Million pixels for each second of CPU time, of which the time to read the uncompressed frames is a hundredth. What was measured
 * is kept, so that a run that was stopped goes on where it ended.
 */
async function megapixels(path: string, preset: Preset, { quick }: Options): Promise<number> {
  const kept = await once(`${basename(path)}-${preset}.json`, async (to) =>
    writeFile(to, JSON.stringify(await cpuOf(path, preset))),
  );
  const cpu: number = JSON.parse(await readFile(kept, 'utf8'));
  return ((quick ? 4 : FRAMES) * SIZE.width * SIZE.height) / 1e6 / cpu;
}

async function cpuOf(path: string, preset: Preset): Promise<number> {
  const { spec } = encodeSpecFor({
    rendition: preserve.renditions[0],
    settings: resolveSettings(preserve, { preset }),
    video: PLAIN_1080P,
    ...{ frameRate: { num: 24, den: 1 }, tools: {} },
  });
  const output = join(await cacheFolder(), 'hour-out.nut');
  return cpuSeconds('ffmpeg', ['-nostdin', '-y', '-i', path, ...encoderArgs(spec), '-f', 'nut', output]);
}

type Clip = { readonly name: string; readonly path: string };

async function clipsOf({ quick, given }: Options): Promise<readonly Clip[]> {
  const frames = quick ? 4 : FRAMES;
  const size = `${SIZE.width}x${SIZE.height}`;
  const scaled = `fps=24,scale=${SIZE.width}:${SIZE.height}:flags=lanczos`;
  const made = (source: string) => ['-f', 'lavfi', '-i', source];
  const text = Array.from({ length: 40 }, (_, i) => `line ${i} of a page with small text, ${(i * 7919) % 10007}`);
  const real = await Promise.all(
    given.map(async (clip) => [basename(clip), ['-ss', await middleOf(clip), '-i', clip], scaled] as const),
  );
  const kinds: readonly (readonly [string, readonly string[], string])[] = [
    ['phone', ['-i', DEMO], scaled],
    ...real,
    ['phone with grain', ['-i', DEMO], `${scaled},noise=alls=12:allf=t:all_seed=1`],
    [
      'page that scrolls',
      made(`color=white:size=${size}:rate=24`),
      `drawtext=text='${text.join('\n')}':fontsize=36:line_spacing=6:x=20:y=20-6*n:fontcolor=black`,
    ],
    ['loop', made(`gradients=size=${size}:rate=24:speed=0.05:seed=7:n=6`), 'hue=H=0.02*n'],
    ['test picture', made(`testsrc2=size=${size}:rate=24`), 'null'],
    ['fractal', made(`mandelbrot=size=${size}:rate=24`), 'null'],
  ];
  return Promise.all(
    kinds.slice(0, Math.max(CLIPS, 1 + given.length)).map(async ([name, input, filter]) => {
      const path = await once(`hour-${frames}-${name.replaceAll(/\W/g, '-')}.nut`, (to) =>
        ffmpeg(
          ...[...input, '-an', '-frames:v', `${frames}`, '-vf', `${filter},format=yuv420p`, '-fps_mode', 'passthrough'],
          ...['-c:v', 'rawvideo', to],
        ),
      );
      return { name, path };
    }),
  );
}

async function middleOf(path: string): Promise<string> {
  const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return `${Number((await mustRun('ffprobe', args)).stdout.trim()) / 2}`;
}
