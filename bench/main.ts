import process from 'node:process';
import Table from 'cli-table3';
import { apiBench } from './api.ts';
import { backfillBench } from './backfill.ts';
import { burst } from './burst.ts';
import { choose } from './choose.ts';
import { codecs } from './codecs.ts';
import { crf } from './crf.ts';
import { edit } from './edit.ts';
import { encode } from './encode.ts';
import { fanOutOfAFilm } from './fan-out.ts';
import { folderUnchanged } from './folder-unchanged.ts';
import { frag } from './frag.ts';
import { frames } from './frames.ts';
import { functions } from './functions.ts';
import { generations } from './generations.ts';
import { hardware } from './hardware.ts';
import { hour } from './hour.ts';
import { kill } from './kill.ts';
import { ladderBench } from './ladder.ts';
import { library } from './library.ts';
import type { Measurement, Options } from './measurement.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { parallel } from './parallel.ts';
import { peers } from './peers.ts';
import { player } from './player.ts';
import { presets } from './presets.ts';
import { replaceKill } from './replace-kill.ts';
import { sameBytes } from './same-bytes.ts';
import { sampled } from './sampled.ts';
import { search } from './search.ts';
import { small } from './small.ts';
import { sphereBench } from './sphere.ts';
import { start } from './start.ts';
import { transitions } from './transitions.ts';
import { unchanged } from './unchanged.ts';
import { uploadBench } from './upload.ts';
import { upscaleBench } from './upscale.ts';
import { upscaleDiets } from './upscale-diets.ts';
import { upscaleGpu } from './upscale-gpu.ts';
import { upscaleQuality } from './upscale-quality.ts';
import { upscaleRun } from './upscale-run.ts';
import { writeSection } from './write-section.ts';

const ALL: readonly Measurement[] = [
  start,
  unchanged,
  folderUnchanged,
  encode,
  kill,
  replaceKill,
  edit,
  memory,
  parallel,
  player,
  transitions,
  uploadBench,
  presets,
  sameBytes,
  codecs,
  crf,
  choose,
  frames,
  generations,
  ladderBench,
  frag,
  library,
  pages,
  hardware,
  sphereBench,
  upscaleBench,
  upscaleGpu,
  functions,
  apiBench,
  burst,
  backfillBench,
  small,
  fanOutOfAFilm,
  hour,
  upscaleQuality,
  upscaleDiets,
  upscaleRun,
  peers,
  sampled,
  search,
];

const USAGE = `npm run bench [-- NAME... | --quick | --clip FILE | --clips N]

  NAME     ${ALL.map(({ name }) => name).join(', ')}; without a name, all
  --quick  tiny sizes, to try the code; docs/benchmarks.md stays as it is
  --clip   a real 1080p clip; crf and generations measure it besides the demo clip, others instead of it; choose, search and
           sampled take several, each after a --clip of its own, of any size
  --clips  how many clips "small" is about, instead of 200; docs/benchmarks.md stays as it is
`;

const args = process.argv.slice(2);
const names = args.filter((arg, i) => !arg.startsWith('--') && !/^--clips?$/.test(args[i - 1] ?? ''));
const unknown = names.find((name) => !ALL.some((each) => each.name === name));
if (args.includes('--help') || unknown !== undefined) {
  process.stdout.write(unknown === undefined ? USAGE : `no measurement "${unknown}"\n${USAGE}`);
  process.exit(unknown === undefined ? 0 : 64);
}

const given = args.filter((_, i) => args[i - 1] === '--clip');
const clips = args.includes('--clips') ? Number(args[args.indexOf('--clips') + 1]) : undefined;
if (clips !== undefined && !(Number.isInteger(clips) && clips > 0)) {
  process.stdout.write(`--clips takes a number of clips, as --clips 10\n${USAGE}`);
  process.exit(64);
}
const options: Options = { quick: args.includes('--quick'), clip: given[0], given, clips };
for (const measurement of ALL.filter(({ name }) => names.length === 0 || names.includes(name))) {
  process.stderr.write(`${measurement.name}: ${measurement.about}\n`);
  const rows = await measurement.measure(options);
  const table = new Table({ head: ['what', 'goal', 'measured', ''], style: { head: [], border: [], compact: true } });
  for (const { what, goal = '', found, met } of rows)
    table.push([what, goal, found, met === undefined ? '' : met ? 'met' : 'not met']);
  process.stdout.write(`${table.toString()}\n`);
  if (!options.quick && clips === undefined) await writeSection('docs/benchmarks.md', measurement, rows);
}
