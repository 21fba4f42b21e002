import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement, Row } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';
import { type Watched, watched } from './watched.ts';

/** The whole recipe: what it holds in memory and on the disk, and what a kill costs. */
export const upscaleRun: Measurement = {
  name: 'upscale-run',
  about:
    'The recipe from drop to manifest, model websr-s-rl. Memory: VmHWM of our own process while 1080p becomes 4K. Disk: all files of the work and output folders, looked at every 50 ms. Kills: SIGKILL at moments spread over the run, then a run to the end; the encoders that were started are counted.',
  async measure({ quick }) {
    const [kills, seconds] = quick ? [2, 4] : [10, 24];
    const source = await once(`upscale-${seconds}.mp4`, (path) =>
      ffmpeg(
        '-f',
        'lavfi',
        '-i',
        `testsrc2=s=320x180:r=25:d=${seconds}`,
        '-c:v',
        'libx264',
        '-g',
        '25',
        '-crf',
        '20',
        path,
      ),
    );
    const folder = await mkdtemp(join(await cacheFolder(), 'upscale-'));
    try {
      const memory = await memoryOf(join(folder, 'large'), quick ? 2 : 12);
      const calm = await setUp(source, join(folder, 'calm'));
      const undisturbed = await watched(calm);
      const wild = await setUp(source, join(folder, 'wild'));
      for (let i = 0; i < kills; i++) await killAfter(wild, 1 + ((undisturbed.seconds - 1) * (i + 1)) / (kills * 2));
      await watched(wild);
      return [memory, ...(await diskRows(calm, undisturbed)), ...(await killRows(calm, wild, kills))];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

type SetUp = {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  readonly out: string;
};

/** An ffmpeg that notes each encoder of a segment as it starts. */
async function setUp(source: string, out: string): Promise<SetUp> {
  const [wrapper, log] = [`${out}.ffmpeg`, `${out}.log`];
  await writeFile(wrapper, `#!/bin/sh\ncase "$*" in *"pipe:0"*libx265*) echo 1 >> '${log}';; esac\nexec ffmpeg "$@"\n`);
  await chmod(wrapper, 0o755);
  await writeFile(log, '');
  const settings = ['segmentSeconds=2', 'preset=faster', 'model=websr-s-rl'].flatMap((setting) => ['--set', setting]);
  return {
    args: [CLI, 'run', source, '--recipe', 'upscale', '--out', out, '--json', ...settings],
    env: { ...process.env, REELMILL_FFMPEG: wrapper },
    log,
    out,
  };
}

async function memoryOf(out: string, frames: number): Promise<Row> {
  const clip = await once(`upscale-1080p-${frames}.mp4`, (path) =>
    ffmpeg(
      '-i',
      'demo/clips/VID_20191220_170832.mp4',
      '-an',
      '-frames:v',
      `${frames}`,
      '-c:v',
      'libx264',
      '-crf',
      '16',
      path,
    ),
  );
  const settings = ['preset=ultrafast', 'crf=28', 'model=websr-s-rl'].flatMap((setting) => ['--set', setting]);
  const args = [CLI, 'run', clip, '--recipe', 'upscale', '--out', out, ...settings];
  const { peakMemory } = await watched({ args, env: process.env, out });
  return {
    what: '1080p to 4K: peak memory of our own process',
    goal: 'at most 400 MB',
    found: `${peakMemory.toFixed(0)} MB`,
    met: peakMemory <= 400,
  };
}

async function diskRows({ out }: SetUp, { peakBytes }: Watched): Promise<readonly Row[]> {
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

async function killRows(calm: SetUp, wild: SetUp, kills: number): Promise<readonly Row[]> {
  const [without, withKills] = await Promise.all([calm, wild].map(({ log }) => linesOf(log)));
  const [a, b] = await Promise.all([calm, wild].map(async ({ out }) => hashOf(await finalOf(out))));
  const lost = (withKills ?? 0) - (without ?? 0);
  return [
    {
      what: `segments begun again after ${kills} kills`,
      goal: `at most ${kills}`,
      found: `${lost} of ${without}`,
      met: lost <= kills,
    },
    { what: 'output byte-identical to the undisturbed run', goal: 'yes', found: a === b ? 'yes' : 'no', met: a === b },
  ];
}

async function killAfter({ args, env }: SetUp, seconds: number): Promise<void> {
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([sleep(seconds * 1000), ended]);
  child.kill('SIGKILL');
  await ended;
  await sleep(500); // encoders that lost their master end at their next packet
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

const hashOf = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
