import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { segmentsAtOnce } from '../core/segments/parallelism.ts';
import { hashOf, killAfter } from './kill-after.ts';
import { type Measurement, ratio } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, mustRun, once } from './run.ts';

/** Measures the work that is lost to kills, and whether the result is the same as without them. */
export const kill: Measurement = {
  name: 'kill',
  about:
    'The process gets SIGKILL at 20 random moments (seeded), and then runs to the end. Encoding CPU is the CPU time of the ffmpeg processes with libx265, as the shell that started each reports it. The bound is the CPU time without kills and, for each kill, that of the segments that are encoded at once.',
  async measure({ quick }) {
    const kills = quick ? 3 : 20;
    const source = await once(`kill-${kills}.mp4`, (path) =>
      ffmpeg(
        ...['-f', 'lavfi', '-i', `testsrc2=s=${quick ? '160x120' : '640x360'}:r=25:d=${quick ? 12 : 120}`],
        ...['-c:v', 'libx264', '-g', '25', '-crf', '20', path],
      ),
    );
    const folder = await mkdtemp(join(await cacheFolder(), 'kill-'));
    try {
      const calm = await prepareRun(join(folder, 'calm.log'), source, join(folder, 'calm'));
      await mustRun(process.execPath, calm.args, calm.env);
      const undisturbed = await cpuOf(calm.log);
      const killed = await prepareRun(join(folder, 'killed.log'), source, join(folder, 'killed'));
      const wall = undisturbed.seconds / 1.5;
      for (let i = 0; i < kills; i++) await killAfter(killed, (0.3 + random(i)) * (wall / kills) * 1.2 + 0.3);
      await mustRun(process.execPath, killed.args, killed.env);
      const disturbed = await cpuOf(killed.log);
      const inFlight = segmentsAtOnce(availableParallelism(), quick ? 120 : 360);
      const bound = 1 + (kills * inFlight) / undisturbed.encodes;
      const name = source.slice(source.lastIndexOf('/') + 1);
      const [a, b] = await Promise.all(
        ['calm', 'killed'].map((run) => hashOf(join(folder, run, 'preserve', name, 'preserve.mp4'))),
      );
      const how = `${disturbed.seconds.toFixed(1)} s / ${undisturbed.seconds.toFixed(1)} s, ${kills} kills over ${undisturbed.encodes} segments`;
      return [
        ratio(
          `encoding CPU with kills / without; ${inFlight} segments in flight at each`,
          disturbed.seconds / undisturbed.seconds,
          bound,
          how,
        ),
        {
          what: 'output byte-identical to the run without kills',
          goal: 'yes',
          found: a === b ? 'yes' : 'no',
          met: a === b,
        },
      ];
    } finally {
      if (!process.env.KEEP) await rm(folder, { recursive: true, force: true });
    }
  },
};

type PreparedRun = { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly log: string };

/**
 * Prepares a run with an ffmpeg that logs the CPU time of its encodes: a shell waits for it and writes down the times
 * of its children.
 */
async function prepareRun(log: string, source: string, out: string): Promise<PreparedRun> {
  const wrapper = `${log}.ffmpeg`;
  // a pipe would give `times` a shell of its own, without children
  const note = `times > '${log}'.$$; tail -n 1 '${log}'.$$ >> '${log}'; rm '${log}'.$$`;
  await writeFile(wrapper, `#!/bin/sh\nffmpeg "$@"\ncode=$?\ncase "$*" in *-preset*) ${note};; esac\nexit $code\n`);
  await chmod(wrapper, 0o755);
  await writeFile(log, '');
  const settings = ['segmentSeconds=1-3', 'preset=fast', 'evenIfLarger=true'].flatMap((setting) => ['--set', setting]);
  return {
    args: [CLI, 'run', source, '--recipe', 'preserve', '--out', out, '--layout', 'folders', ...settings],
    env: { ...process.env, REELMILL_FFMPEG: wrapper },
    log,
  };
}

async function cpuOf(log: string): Promise<{ readonly seconds: number; readonly encodes: number }> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n').filter(Boolean);
  const seconds = (text: string) => {
    const parts = /(\d+)m([\d.]+)s/.exec(text);
    return parts ? Number(parts[1]) * 60 + Number(parts[2]) : 0;
  };
  return {
    encodes: lines.length,
    seconds: lines.reduce((sum, line) => sum + line.split(/\s+/).reduce((a, part) => a + seconds(part), 0), 0),
  };
}

/** Returns a number in [0, 1) that is always the same for a seed. */
function random(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}
