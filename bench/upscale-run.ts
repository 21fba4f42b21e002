import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO } from './clips.ts';
import { hashOf, killAfter } from './kill-after.ts';
import type { Measurement, ResultRow } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';
import { type RunPeaks, watched } from './watched.ts';

/** Measures the memory and the disk space of the whole recipe, and what kills cost. */
export const upscaleRun: Measurement = {
  name: 'upscale-run',
  about:
    'A whole run of the recipe with the model websr-s-rl. Memory: VmHWM of our own process while 1080p becomes 4K. Disk: all files of the work and output folders, read every 50 ms. Kills: SIGKILL at moments spread over the run, then a run to the end; the encoders that were started are counted.',
  async measure({ quick }) {
    const [kills, seconds] = quick ? [2, 4] : [10, 24];
    const source = await once(`upscale-${seconds}.mp4`, (path) =>
      ffmpeg(
        ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${seconds}`, '-c:v', 'libx264', '-g', '25'],
        ...['-crf', '20', path],
      ),
    );
    const folder = await mkdtemp(join(await cacheFolder(), 'upscale-'));
    try {
      const memory = await memoryOf(join(folder, 'large'), quick ? 2 : 12);
      const calm = await prepareUpscale(source, join(folder, 'calm'));
      const undisturbed = await watched(calm);
      const killed = await prepareUpscale(source, join(folder, 'killed'));
      for (let i = 0; i < kills; i++) await killAfter(killed, 1 + ((undisturbed.seconds - 1) * (i + 1)) / (kills * 2));
      await watched(killed);
      return [memory, ...(await diskRows(calm, undisturbed)), ...(await killRows(calm, killed, kills))];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type PreparedUpscale = {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  readonly out: string;
};

/** Prepares a run with an ffmpeg that logs each encoder of a segment as it starts. */
async function prepareUpscale(source: string, out: string): Promise<PreparedUpscale> {
  const [wrapper, log] = [`${out}.ffmpeg`, `${out}.log`];
  await writeFile(wrapper, `#!/bin/sh\ncase "$*" in *"pipe:0"*libx265*) echo 1 >> '${log}';; esac\nexec ffmpeg "$@"\n`);
  await chmod(wrapper, 0o755);
  await writeFile(log, '');
  const settings = ['segmentSeconds=2', 'preset=faster', 'model=websr-s-rl'].flatMap((setting) => ['--set', setting]);
  return {
    args: [CLI, 'run', source, '--recipe', 'upscale', '--layout', 'folders', '--out', out, '--json', ...settings],
    env: { ...process.env, REELMILL_FFMPEG: wrapper },
    log,
    out,
  };
}

async function memoryOf(out: string, frames: number): Promise<ResultRow> {
  const clip = await once(`upscale-1080p-${frames}.mp4`, (path) =>
    ffmpeg('-i', DEMO, '-an', '-frames:v', `${frames}`, '-c:v', 'libx264', '-crf', '16', path),
  );
  const settings = ['preset=ultrafast', 'crf=28', 'model=websr-s-rl'].flatMap((setting) => ['--set', setting]);
  const args = [CLI, 'run', clip, '--recipe', 'upscale', '--layout', 'folders', '--out', out, ...settings];
  const { peakMemory } = await watched({ args, env: process.env, out });
  return {
    what: '1080p to 4K: peak memory of our own process',
    goal: 'at most 400 MB',
    found: `${peakMemory.toFixed(0)} MB`,
    met: peakMemory <= 400,
  };
}

async function diskRows({ out }: PreparedUpscale, { peakBytes }: RunPeaks): Promise<readonly ResultRow[]> {
  const final = await finalOf(out);
  const { size } = await stat(final);
  const segment = size / (await segmentsOf(out));
  const besides = (peakBytes - size) / segment;
  return [
    {
      what: 'peak disk besides the final file, in segments',
      goal: 'at most 2.0',
      found: `${besides.toFixed(1)} (${(peakBytes / 1e6).toFixed(1)} MB in all, the file has ${(size / 1e6).toFixed(1)} MB)`,
      met: besides <= 2,
    },
  ];
}

async function killRows(calm: PreparedUpscale, killed: PreparedUpscale, kills: number): Promise<readonly ResultRow[]> {
  const [without, withKills] = await Promise.all([calm, killed].map(({ log }) => linesOf(log)));
  const [a, b] = await Promise.all([calm, killed].map(async ({ out }) => hashOf(await finalOf(out))));
  const lost = (withKills ?? 0) - (without ?? 0);
  return [
    {
      what: `segments begun again after ${kills} kills`,
      goal: `at most ${kills}`,
      found: `${lost} of ${without}`,
      met: lost <= kills,
    },
    {
      what: 'output byte-identical to the run without kills',
      goal: 'yes',
      found: a === b ? 'yes' : 'no',
      met: a === b,
    },
  ];
}

async function finalOf(out: string): Promise<string> {
  const names = await readdir(out, { recursive: true });
  const found = names.find((name) => name.endsWith('upscaled.mp4') && !name.startsWith('.'));
  if (found === undefined) throw new Error(`${out} has no upscaled.mp4`);
  return join(out, found);
}

async function segmentsOf(out: string): Promise<number> {
  const manifest = JSON.parse(await readFile(join(await finalOf(out), '..', 'manifest.json'), 'utf8'));
  return manifest.renditions[0].segments.total;
}

const linesOf = async (path: string) => (await readFile(path, 'utf8')).split('\n').filter(Boolean).length;
