import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { fanOut } from '../core/dispatch/fan-out.ts';
import { sizeFor } from '../core/dispatch/route.ts';
import { segmentArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { frameColumns } from '../core/film/frame-columns.ts';
import { KEY } from '../core/film/frame-index.ts';
import { preserve } from '../core/recipes/preserve.ts';
import type { SegmentLength } from '../core/segments/borders.ts';
import { cutSource } from '../core/segments/segments.ts';
import { listedPrices } from '../core/storage/list-prices.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import { cpuSeconds } from './codecs.ts';
import { type Conditions, type FilmWork, randomFrom, simulate } from './fan-out-model.ts';
import { type Measurement, median, type Options, type ResultRow } from './measurement.ts';
import { cacheFolder } from './run.ts';

const FILM = { seconds: 7200, rate: 24, keyframeEvery: 48, pixels: 1920 * 1080, bytes: 7.2e9, indexBytes: 2.5e6 };
const SEEDS = 20;
const PARTS = 6;
const PART_SECONDS = 2;
const VCPU = sizeFor(FILM.pixels, preserve.defaults.preset, 0).vcpu;

/**
 * Figures that are assumed, not measured: how long Fargate takes to start, its network, and how often Spot reclaims a
 * task.
 */
const ASSUMED = { startSeconds: { least: 45, most: 120 }, networkBytes: 125e6, reclaimsAnHour: 0.05 };

/** How much more than its share a task fetches at most, as test/core/segments/source-parts.test.ts holds. */
const FETCHED_MORE = 1.1;

/** Simulates the workflow of a long film with the encoding times that were measured here. */
export const fanOutOfAFilm: Measurement = {
  name: 'fan-out',
  about: `Simulated: two hours of 1080p24 at 8 Mb/s, preset ${preserve.defaults.preset}, cut into segments and shared out by the product's own code, on 1 to 200 tasks of ${VCPU} vCPU; medians of ${SEEDS} seeds. Measured here: the CPU time to encode a second of film (${PARTS} parts of the clip of \`encode\`), which ${VCPU} vCPU are taken to share evenly, and the CPU time of hashing; neither counts the time that others had the machine. Assumed: a machine starts in ${ASSUMED.startSeconds.least}-${ASSUMED.startSeconds.most} s, the network has ${ASSUMED.networkBytes / 1e6} MB/s, ${ASSUMED.reclaimsAnHour * 100} % of the tasks are reclaimed in an hour. Plan and join fetch the whole source, every task its share of it and ${Math.round((FETCHED_MORE - 1) * 100)} % more (docs/decisions/0130), with an index of ${FILM.indexBytes / 1e6} MB; "one start" is the longest start of a machine and the fetch of an even share. The array is the part between plan and join; the whole workflow has three starts.`,
  async measure(options) {
    const took = await secondsToEncodeASecond(options);
    const hashed = bytesHashedASecond();
    const film = filmOf(took, hashed, preserve.defaults.segmentSeconds);
    const short = filmOf(took, hashed, { shortest: 5, longest: 15 });
    const total = film.segments.reduce((sum, each) => sum + each, 0);
    const work = { pieces: film.segments.length, vcpuSeconds: total * VCPU, pixels: FILM.pixels };
    const own = fanOut({ ...work, preset: preserve.defaults.preset, compute: 'cpu' }, 0).tasks;
    const counts = [...new Set([1, 10, own, 60, 123, 200])].sort((a, b) => a - b);
    return [
      {
        what: `time to encode a second of film on ${VCPU} vCPU`,
        found: `${median(took).toFixed(2)} s (${spread(took)})`,
      },
      { what: 'segments', found: `${film.segments.length}, ${(total / 3600).toFixed(1)} h of encoding in all` },
      ...counts.map((tasks) => rowOf(film, tasks, tasks === own ? ' (as planned)' : '')),
      rowOf(short, 200, `, segmentSeconds=5-15, ${short.segments.length} segments`),
      ...[0, 1].map((reclaimsAnHour) => withReclaims(film, own, reclaimsAnHour)),
    ];
  },
};

function rowOf(film: FilmWork, tasks: number, remark: string): ResultRow {
  const total = film.segments.reduce((sum, each) => sum + each, 0);
  const { startSeconds } = ASSUMED;
  const oneStart = startSeconds.most + film.partSeconds(1 / tasks);
  const goal = 1.15 * (total / tasks) + oneStart;
  const { arraySeconds, found } = outcomes(film, tasks, ASSUMED);
  return {
    what: `${tasks} task${tasks > 1 ? 's' : ''}${remark}`,
    goal: `array at most 1.15 x total/N + one start = ${minutes(goal)}`,
    found: `array ${minutes(arraySeconds)}; ${found}`,
    met: arraySeconds <= goal,
  };
}

const withReclaims = (film: FilmWork, tasks: number, reclaimsAnHour: number): ResultRow => ({
  what: `${tasks} tasks, ${reclaimsAnHour * 100} % reclaimed in an hour`,
  found: outcomes(film, tasks, { ...ASSUMED, reclaimsAnHour }).found,
});

function outcomes(film: FilmWork, tasks: number, conditions: Conditions) {
  const runs = Array.from({ length: SEEDS }, (_, seed) => simulate(film, tasks, conditions, randomFrom(seed + 1)));
  const of = (read: (run: (typeof runs)[number]) => number) => median(runs.map(read));
  const usd = (of(({ taskSeconds }) => taskSeconds) / 3600) * usdAnHour();
  const lost = of(({ lostSeconds, taskSeconds }) => lostSeconds / taskSeconds) * 100;
  return {
    arraySeconds: of(({ arraySeconds }) => arraySeconds),
    found: `all ${minutes(of(({ wallSeconds }) => wallSeconds))}, $${usd.toFixed(2)}, ${of(({ reclaims }) => reclaims)} reclaims, ${lost.toFixed(1)} % of the paid time lost`,
  };
}

function usdAnHour(): number {
  const { usd } = listedPrices();
  const { vcpu, memoryMiB } = sizeFor(FILM.pixels, preserve.defaults.preset, 0);
  const memory = (memoryMiB / 1024) * usd('fargateSpotX86GibHour');
  return vcpu * usd('fargateSpotX86VcpuHour') + memory + usd('publicAddressHour');
}

const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;
const spread = (values: readonly number[]) => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

/**
 * Returns the film with the segments that the planner cuts. Each second of it takes as long as one of the measured
 * parts.
 */
function filmOf(took: readonly number[], hashed: number, length: SegmentLength): FilmWork {
  const columns = frameColumns();
  const hashes = randomFrom(1);
  for (let i = 0; i < FILM.seconds * FILM.rate; i++) {
    const flags = i % FILM.keyframeEvery === 0 ? KEY : 0;
    columns.add(i, flags, createHash('md5').update(`${hashes()}`).digest('hex'));
  }
  const cut = cutSource(columns.index('packets', { num: 1, den: FILM.rate }), length);
  const random = randomFrom(2);
  const segments = (cut?.ranges ?? []).map(({ start, end }) => {
    const second = took[Math.floor(random() * took.length)] ?? 0;
    return (second * (end - start)) / FILM.rate;
  });
  const fetching = FILM.bytes / ASSUMED.networkBytes;
  return {
    segments,
    readSeconds: fetching + FILM.bytes / hashed,
    partSeconds: (share) => fetching * Math.min(1, FETCHED_MORE * share) + FILM.indexBytes / ASSUMED.networkBytes,
    joinSeconds: FILM.bytes / 2 / ASSUMED.networkBytes + FILM.bytes / 2 / hashed,
  };
}

/**
 * Measures the seconds that encoding a second of 1080p24 takes, for several parts of the clip, with ffmpeg's start and
 * the seek. They are of CPU time, so that others on the machine count little.
 */
async function secondsToEncodeASecond(options: Options): Promise<readonly number[]> {
  const source = await minuteOf1080p(options);
  const output = join(await cacheFolder(), 'fan-out.nut');
  const took: number[] = [];
  for (let part = 0; part < (options.quick ? 2 : PARTS); part++) {
    const cpu = await cpuSeconds('ffmpeg', argsFor(source, output, part, options));
    took.push(cpu / VCPU / PART_SECONDS);
  }
  return took;
}

function argsFor(source: string, output: string, part: number, { quick }: Options): string[] {
  const { spec } = encodeSpecFor({
    rendition: preserve.renditions[0],
    settings: preserve.defaults,
    video: PLAIN_1080P,
    frameRate: { num: 30, den: 1 },
    tools: {},
  });
  const window = {
    seekSeconds: quick ? part : (part * 60) / PARTS,
    skip: 0,
    lead: 0,
    frames: PART_SECONDS * FILM.rate,
  };
  const args = segmentArgs({ input: ['-i', source], stream: 0, window, spec });
  const progress = args.indexOf('-progress');
  const logged = args.map((arg, i) => (args[i - 1] === '-v' ? 'info' : arg)); // the CPU time is in the log
  return ['-y', ...logged.slice(0, progress), ...logged.slice(progress + 2, -1), output];
}

function bytesHashedASecond(): number {
  const block = randomBytes(8 * 2 ** 20);
  const hash = createHash('sha256');
  const before = process.cpuUsage();
  for (let i = 0; i < 32; i++) hash.update(block);
  const { user, system } = process.cpuUsage(before);
  return (32 * block.length) / ((user + system) / 1e6);
}
