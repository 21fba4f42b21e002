import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { manifestSchema } from '../core/job/manifest.ts';
import { ladder } from '../core/recipes/ladder.ts';
import { rungsFor } from '../core/recipes/renditions.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import { costOf } from './cost-of.ts';
import { type Measurement, type Options, type ResultRow, ratio } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg } from './run.ts';
import { cpuByKind } from './spent.ts';

/** Measures a whole run of `ladder` against the ffmpeg commands that one would type. */
export const ladderBench: Measurement = {
  name: 'ladder',
  about:
    'A whole run of `ladder` on 60 s of 1080p30 (hash, probe, packet survey, both rungs in segments, join, full verification, thumbnails, playlists) against the sum of bare ffmpeg commands with the same encoder settings: one for each rung from the source, one for a poster and one for a sprite. CPU time is that of the process and all processes that it started; it counts no time in which others had the machine. Both rungs are encoded by one decode of the source. The rungs are made side by side, so the steps overlap: the time of a step is that in which at least one rung was at it. The ladder is then made again from the pieces that are there, by programs that note their CPU time: that is what it costs besides the encoding. Also, on the first 10 s, one ffmpeg that decodes once for both rungs.',
  async measure(options) {
    const source = await minuteOf1080p(options);
    const folder = await mkdtemp(join(await cacheFolder(), 'ladder-'));
    try {
      const rungs = specs(options);
      const bare = await bareCommands(source, rungs, folder);
      const ours = await whole(source, join(folder, 'out'), options);
      const sides = (of: 'cpu' | 'seconds') => `${ours[of].toFixed(1)} s / ${bare[of].toFixed(1)} s`;
      return [
        ratio('total / sum of bare commands, CPU time', ours.cpu / bare.cpu, 1.08, sides('cpu')),
        {
          what: 'total / sum of bare commands, time that went by',
          found: `${(ours.seconds / bare.seconds).toFixed(3)} (${sides('seconds')})`,
        },
        {
          what: 'time in which a rung was encoded / sum of bare commands',
          found: (ours.encode / bare.seconds).toFixed(3),
        },
        { what: 'where the time went', found: ours.times },
        {
          what: 'CPU time besides the encoding, by what it is for',
          found: await besidesEncoding(source, join(folder, 'out'), options),
        },
        { what: 'one decode for both rungs / one decode for each', found: await sharedDecode(source, rungs, folder) },
      ] satisfies ResultRow[];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Returns the seconds that all commands take, one after the other. */
async function bareCommands(source: string, rungs: readonly EncodeSpec[], folder: string) {
  const smallest = join(folder, 'bare.mp4');
  const tiles = ['-vf', 'fps=1,scale=160:-2,tile=10x6', '-frames:v', '1'];
  const commands = [
    ...rungs.map((spec) => ['-i', source, '-an', ...outputOf(spec), smallest]),
    ['-ss', '1', '-i', smallest, '-frames:v', '1', join(folder, 'poster.jpg')],
    ['-i', smallest, ...tiles, join(folder, 'sprite.jpg')],
  ];
  let [cpu, seconds] = [0, 0];
  for (const args of commands) {
    const cost = await costOf(['ffmpeg', '-hide_banner', '-nostdin', '-v', 'error', '-y', ...args]);
    cpu += cost.cpu;
    seconds += cost.seconds;
  }
  return { cpu, seconds };
}

async function sharedDecode(source: string, rungs: readonly EncodeSpec[], folder: string): Promise<string> {
  const input = ['-t', '10', '-i', source];
  const outputs = rungs.map((spec, i) => ['-map', '0:v:0', ...outputOf(spec), join(folder, `${i}.mp4`)]);
  let each = 0;
  for (const output of outputs) each += (await ffmpeg(...input, ...output)).seconds;
  const together = (await ffmpeg(...input, ...outputs.flat())).seconds;
  return `${(together / each).toFixed(3)} (${together.toFixed(1)} s / ${each.toFixed(1)} s)`;
}

function specs({ quick }: Options): readonly EncodeSpec[] {
  const settings = { ...ladder.defaults, ...(quick && { preset: 'ultrafast' as const }) };
  const video = quick ? { ...PLAIN_1080P, width: 1280, height: 720 } : PLAIN_1080P;
  const frameRate = { num: 30, den: 1 };
  return rungsFor(ladder.renditions, video, 'source').map(
    (rendition) => encodeSpecFor({ rendition, settings, video, frameRate, tools: {} }).spec,
  );
}

const outputOf = (spec: EncodeSpec) => [
  ...(spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : []),
  ...encoderArgs(spec),
  ...['-movflags', '+cmaf+global_sidx+frag_keyframe+delay_moov', '-frag_duration', '500000', '-f', 'mp4'],
];

/** Makes the ladder again from the pieces that are there, and returns what that takes by kind of work. */
async function besidesEncoding(source: string, out: string, options: Options): Promise<string> {
  await rm(join(out, 'ladder'), { recursive: true });
  const spent = await cpuByKind(runOf(source, out, options));
  return spent.map(([kind, seconds]) => `${kind} ${seconds.toFixed(1)} s`).join(', ');
}

const runOf = (source: string, out: string, { quick }: Options): readonly string[] => [
  ...[process.execPath, CLI, 'run', source, '--recipe', 'ladder', '--out', out],
  ...(quick ? ['--set', 'preset=ultrafast'] : []),
];

async function whole(source: string, out: string, options: Options) {
  const cost = await costOf(runOf(source, out, options));
  const written = await readFile(join(out, 'ladder', basename(source), 'manifest.json'), 'utf8');
  const { total: _, ...parts } = manifestSchema.parse(JSON.parse(written)).timings;
  const times = Object.entries(parts).map(([part, took]) => `${part} ${took.toFixed(2)} s`);
  return { ...cost, encode: parts.encode, times: times.join(', ') };
}
