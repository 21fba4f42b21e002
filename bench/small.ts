import { link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { minuteOf1080p } from './clips.ts';
import { costOf, cpuSecondsOf } from './cost-of.ts';
import { type Measurement, median, type Options, type ResultRow, ratio } from './measurement.ts';
import { CLI, cacheFolder, ffmpeg, once } from './run.ts';
import { programsOf } from './spent.ts';

const CLIPS = 200;
const QUICK_CLIPS = 2;
const RUNS = 5;
/** The goal: a share of what the bare commands take, and what each file may cost besides, in seconds of CPU. */
const GOAL = { share: 1.35, fileSeconds: 0.8 };

/** What is made of each clip, and the bare command for it. */
const WAYS = [
  {
    recipe: ['preserve', '--set', 'preset=medium', '--set', 'crf=25', '--set', 'evenIfLarger=true'],
    bare: ['-c:v', 'libx265', '-preset', 'medium', '-crf', '25', '-x265-params', 'log-level=error:frame-threads=1'],
    ending: 'mp4',
  },
  { recipe: ['vj', '--set', 'codec=hap'], bare: ['-c:v', 'hap'], ending: 'mov' },
] as const;

/** Measures what many small files cost, everything included, against a loop of bare commands. */
export const small: Measurement = {
  name: 'small',
  about: `Clips of 2 to 10 s, 720p (200 of them unless --clips says otherwise): CPU time of one "run FOLDER", which checks and publishes each clip, against a loop of bare ffmpeg commands. The goal is ${GOAL.share} x the loop + ${GOAL.fileSeconds} s a clip. Then one clip of 2 s by itself: CPU time, the time that goes by, and the programs of ffmpeg that are started, which are counted in a run of their own; medians of ${RUNS} runs, each beside one of the bare command.`,
  async measure(options) {
    const folder = await folderOfClips(options);
    const rows: ResultRow[] = [];
    for (const way of WAYS) rows.push(await measureWay(way, folder));
    const runs = options.quick ? 1 : RUNS;
    for (const way of WAYS) rows.push(await measureOne(way, { clip: join(folder, 'clip-000.mp4'), runs }));
    return rows;
  },
};

async function measureWay({ recipe, bare, ending }: (typeof WAYS)[number], folder: string): Promise<ResultRow> {
  const out = join(await cacheFolder(), 'small-out');
  const clips = await readdir(folder);
  const cleared = async () => {
    await rm(out, { recursive: true, force: true });
    await mkdir(out);
  };
  await cleared();
  const loop = `for clip in "$1"/*; do name=\${clip##*/}; ffmpeg -hide_banner -nostdin -v error -y -i "$clip" ${bare.join(' ')} "$2/\${name%.*}.${ending}"; done`;
  const alone = await cpuSecondsOf(['sh', '-ec', loop, 'sh', folder, out]);
  await cleared();
  const ours = await cpuSecondsOf([process.execPath, CLI, 'run', folder, '--out', out, '--recipe', ...recipe]);
  await rm(out, { recursive: true, force: true });
  const allowed = GOAL.share * alone + GOAL.fileSeconds * clips.length;
  const beyond = (ours - GOAL.share * alone) / clips.length;
  const figures = `${ours.toFixed(1)} s against ${alone.toFixed(1)} s; beyond ${GOAL.share} x: ${beyond.toFixed(2)} s a clip`;
  return ratio(`${recipe[0]}, ${clips.length} clips: share of the goal`, ours / allowed, 1, figures);
}

/** Measures what one clip of two seconds costs by itself, beside the bare command. */
async function measureOne(
  { recipe, bare, ending }: (typeof WAYS)[number],
  { clip, runs }: { readonly clip: string; readonly runs: number },
): Promise<ResultRow> {
  const out = join(await cacheFolder(), 'small-one');
  const cleared = () => rm(out, { recursive: true, force: true });
  const ours = [process.execPath, CLI, 'run', clip, '--out', out, '--recipe', ...recipe];
  const alone = ['ffmpeg', '-hide_banner', '-nostdin', '-v', 'error', '-y', '-i', clip, ...bare];
  const costs: { readonly own: Cost; readonly other: Cost }[] = [];
  for (let run = 0; run < runs; run++) {
    await cleared();
    costs.push({ own: await costOf(ours), other: await costOf([...alone, `${out}.${ending}`]) });
  }
  await cleared();
  const programs = await programsOf(ours);
  await cleared();
  await rm(`${out}.${ending}`);
  const both = (of: keyof Cost) =>
    `${median(costs.map(({ own }) => own[of])).toFixed(2)} s against ${median(costs.map(({ other }) => other[of])).toFixed(2)} s`;
  const found = `CPU time ${both('cpu')}; time that goes by ${both('seconds')}; ${programs} programs against 1`;
  return { what: `${recipe[0]}, one clip of 2 s by itself, against the bare command`, found };
}

type Cost = Awaited<ReturnType<typeof costOf>>;

/** Returns a folder of clips, each of another part and length of a minute of film. */
async function folderOfClips(options: Options): Promise<string> {
  const count = options.clips ?? (options.quick ? QUICK_CLIPS : CLIPS);
  const minute = await minuteOf1080p(options);
  const [size, longest] = options.quick ? ['160:88', 2] : ['1280:720', 10];
  const folder = join(await cacheFolder(), 'small-in');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (let i = 0; i < count; i++) {
    const seconds = Math.min(longest, 2 + (8 * i) / Math.max(1, count - 1));
    const from = options.quick ? 0 : ((60 - longest) * i) / count;
    const cut = ['-ss', from.toFixed(3), '-i', minute, '-t', seconds.toFixed(3), '-vf', `scale=${size}`];
    const clip = await once(`small-${size.replace(':', 'x')}-${from.toFixed(3)}-${seconds.toFixed(3)}.mp4`, (path) =>
      ffmpeg(...cut, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', path),
    );
    await link(clip, join(folder, `clip-${`${i}`.padStart(3, '0')}.mp4`));
  }
  return folder;
}
