import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Manifest, manifestSchema } from '../core/job/manifest.ts';
import { minuteOf1080p } from './clips.ts';
import { cpuSeconds as bareCpuSeconds } from './codecs.ts';
import { cpuSecondsOf } from './cost-of.ts';
import { type Measurement, median, type Options, type ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';

/** How much more VMAF is asked for than the middle of a codec's range gives, so that the search has a way to go. */
const BEYOND = 0.7;
const CODECS = {
  hevc: { middle: 25, bare: ['libx265', '-crf'] },
  av1: { middle: 36, bare: ['libsvtav1', '-crf'] },
} as const;

/** Measures what it takes to find the CRF of a quality, and how near the finished film comes to it. */
export const search: Measurement = {
  name: 'search',
  about: `\`preserve\` with \`vmaf=\` at preset fast on whole clips (at most 640 wide), ${BEYOND} above what the middle of the range gives: trial encodes, distance of the finished film from what was asked for, and the CPU time beyond that of a run with the CRF that was found, as a share of the bare encode with it.`,
  async measure(options) {
    const rows: ResultRow[] = [];
    const found: Found[] = [];
    for (const [name, clip] of await clipsOf(options))
      for (const codec of ['hevc', 'av1'] as const) {
        const each = await searchIn(clip, codec);
        found.push(each);
        rows.push({
          what: `${name}, ${codec}`,
          found: `${each.trials} trials, ${each.distance.toFixed(2)} from ${each.asked.toFixed(1)}, CPU ${each.share.toFixed(2)} of the encode`,
        });
      }
    const trials = median(found.map((each) => each.trials));
    const distance = Math.max(...found.map((each) => each.distance));
    const share = median(found.map((each) => each.share));
    return [
      { what: 'trial encodes, median', goal: 'fewer than 4', found: `${trials}`, met: trials < 4 },
      { what: 'distance, largest', goal: 'at most 0.5', found: distance.toFixed(2), met: distance <= 0.5 },
      { what: 'CPU of the search, median', goal: 'at most 0.35', found: share.toFixed(2), met: share <= 0.35 },
      ...rows,
    ];
  },
};

type Found = { readonly trials: number; readonly asked: number; readonly distance: number; readonly share: number };

async function searchIn(clip: string, codec: keyof typeof CODECS): Promise<Found> {
  const { middle, bare } = CODECS[codec];
  const usual = await madeBy(clip, ['--set', `codec=${codec}`, '--set', `crf=${middle}`]);
  const asked = Math.min(99, Math.round(10 * (meanOf(usual.manifest) + BEYOND)) / 10);
  const searched = await madeBy(clip, ['--set', `codec=${codec}`, '--set', `vmaf=${asked}`]);
  const crf = searched.chosen.at(-1) ?? middle;
  const fixed = await madeBy(clip, ['--set', `codec=${codec}`, '--set', `crf=${crf}`]);
  const output = join(await cacheFolder(), 'search-bare.nut');
  const preset = codec === 'hevc' ? ['-preset', 'fast'] : ['-preset', '8'];
  const encode = await bareCpuSeconds('ffmpeg', [
    '-nostdin',
    '-y',
    '-i',
    clip,
    '-an',
    '-c:v',
    ...bare,
    `${crf}`,
    ...preset,
    output,
  ]);
  return {
    trials: searched.trials,
    asked,
    distance: Math.abs(meanOf(searched.manifest) - asked),
    share: (searched.cpu - fixed.cpu) / encode,
  };
}

const meanOf = ({ renditions: [first] }: Manifest): number => first?.quality.mean ?? Number.NaN;

/** Makes a film anew, and tells by its events how. */
async function madeBy(clip: string, settings: readonly string[]) {
  const out = join(await cacheFolder(), 'search-out');
  await rm(out, { recursive: true, force: true });
  const log = join(await cacheFolder(), 'search-events.jsonl');
  const run = ['run', clip, '--json', '--recipe', 'preserve', '--out', out, '--layout', 'folders'];
  const made = [...run, '--set', 'preset=fast', '--set', 'evenIfLarger=true', ...settings];
  const cpu = await cpuSecondsOf([
    'sh',
    '-c',
    'to=$1; shift; exec "$@" > "$to"',
    'sh',
    log,
    process.execPath,
    CLI,
    ...made,
  ]);
  const events = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [name = ''] = await readdir(join(out, 'preserve'));
  return {
    cpu,
    trials: events.filter(({ type, over }) => type === 'quality.tried' && over === 'samples').length,
    chosen: events.filter(({ type }) => type === 'quality.chosen').map(({ crf }) => Number(crf)),
    manifest: manifestSchema.parse(JSON.parse(await readFile(join(out, 'preserve', name, 'manifest.json'), 'utf8'))),
  };
}

/** The clips, small enough to be encoded many times. */
async function clipsOf({ quick, given, ...options }: Options): Promise<readonly (readonly [string, string])[]> {
  const minute = await minuteOf1080p({ ...options, given, quick, clip: undefined });
  const all = [['a minute of the demo clip', minute] as const, ...given.map((clip) => [basename(clip), clip] as const)];
  return Promise.all(
    all.map(async ([name, clip]) => {
      const small = await once(`search-${quick ? 'quick-' : ''}${basename(clip)}.mp4`, (path) =>
        ffmpeg(
          ...[
            '-i',
            clip,
            '-an',
            '-vf',
            "scale='min(iw,640)':-2:flags=lanczos,format=yuv420p",
            '-fps_mode',
            'passthrough',
          ],
          ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', path],
        ),
      );
      return [name, small] as const;
    }),
  );
}
