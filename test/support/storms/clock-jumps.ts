import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { manifestSchema } from '../../../core/job/manifest.ts';
import { clockAt } from '../clock-at.ts';
import { sha256 } from '../hash.ts';
import { eventsIn, reelmill, startReelmill } from '../reelmill.ts';
import { prepareWork, type Work } from './kill-works.ts';
import { stormRecord } from './record.ts';
import { seeded } from './seeded.ts';

const JUMPS = ['+90s', '-90s', '+3h', '-3h', '+400d', '-400d'] as const;

/** What became of one run in whose middle the clock was set. */
export type ClockTrial = {
  readonly seed: number;
  readonly jump: (typeof JUMPS)[number];
  /** Whether another process, whose clock was right, worked on the same film from then on. */
  readonly withAnother: boolean;
  readonly codes: readonly (number | null)[];
  readonly fault?: string;
};

type ClockStorm = { readonly count: number; readonly said?: (trial: ClockTrial) => void };

/**
 * Sets the clock of a run to another time at one of its events, every other time while a second process that has the right
 * time is started on the same film, as two machines with one drive are. The first may end with 0, or with 75 where the
 * other took its film; the other with 0. What is published must have the bytes of an undisturbed run, its times must be
 * possible ones, no temporary file may be left, and the next run finds everything done.
 */
export async function clockJumps({ count, said }: ClockStorm, folder: string): Promise<readonly ClockTrial[]> {
  const record = await stormRecord<ClockTrial>(join(folder, 'clock-jumps.jsonl'));
  const here = await mkdtemp(join(resolve(folder), 'clocks-'));
  try {
    const work = await prepareWork('preserve', here);
    const calm = await reelmill(argsOf(work, join(here, 'calm')));
    if (calm.code !== 0) throw new Error(`the undisturbed run ended with ${calm.code}`);
    const wanted = await sha256(filmIn(join(here, 'calm')));
    for (let seed = record.trials.length; seed < count; seed++) {
      const trial = await jumped(seed, { work, here, wanted });
      await record.add(trial);
      said?.(trial);
    }
  } finally {
    await rm(here, { recursive: true, force: true });
  }
  return record.trials.slice(0, count);
}

type Place = { readonly work: Work; readonly here: string; readonly wanted: string };

async function jumped(seed: number, { work, here, wanted }: Place): Promise<ClockTrial> {
  const random = seeded(seed);
  const jump = JUMPS[seed % JUMPS.length] ?? '+3h';
  const withAnother = Math.floor(seed / JUMPS.length) % 2 === 1;
  const out = join(here, `out-${seed}`);
  const clock = await clockAt('+0', here);
  const first = startReelmill(argsOf(work, out), { under: clock.under });
  const at = ['"job.planned"', '"segment.done"', '"phase":"verify"'][Math.floor(3 * random())] ?? '';
  await Promise.race([first.says(at).catch(() => undefined), first.ended]);
  await clock.set(jump);
  const others = withAnother ? [reelmill(argsOf(work, out))] : [];
  const ends = [await first.ended, ...(await Promise.all(others))];
  const codes = ends.map(({ code }) => code);
  const faults: string[] = [];
  if (codes[0] !== 0 && !(withAnother && codes[0] === 75)) faults.push(`the first ended with ${codes[0]}`);
  if (withAnother && codes[1] !== 0) faults.push(`the other ended with ${codes[1]}`);
  const told = ends.flatMap((end) => ('events' in end ? end.events : eventsIn(end.stdout)));
  for (const { etaSeconds } of told)
    if (typeof etaSeconds === 'number' && !(etaSeconds >= 0 && etaSeconds < DAY)) faults.push(`${etaSeconds} s left`);
  if ((await sha256(filmIn(out))) !== wanted) faults.push('the film has other bytes');
  const { timings } = manifestSchema.parse(JSON.parse(await readFile(manifestIn(out), 'utf8')));
  const impossible = Object.entries(timings).filter(([, seconds]) => seconds < 0 || seconds > DAY);
  for (const [step, seconds] of impossible) faults.push(`${step} took ${seconds} s`);
  const half = (await readdir(out, { recursive: true })).filter((name) => name.includes('.reelmill-tmp-'));
  if (half.length > 0) faults.push(`${half.join()} is left`);
  const again = await reelmill(argsOf(work, out));
  if (again.code !== 0 || again.last?.status !== 'unchanged')
    faults.push(`the next run ended with ${again.code}: ${JSON.stringify(again.last)}`);
  await rm(out, { recursive: true, force: true });
  return { seed, jump, withAnother, codes, ...(faults.length > 0 && { fault: [...new Set(faults)].join('; ') }) };
}

const DAY = 86_400;
const filmIn = (out: string) => join(out, 'preserve', 'film.mp4', 'preserve.mp4');
const manifestIn = (out: string) => join(out, 'preserve', 'film.mp4', 'manifest.json');

function argsOf({ first, film }: Work, out: string): readonly string[] {
  const settings = first.filter((arg, i) => arg === '--set' || first[i - 1] === '--set');
  return ['run', '--json', '--recipe', 'preserve', '--out', out, '--layout', 'folders', ...settings, '--', film];
}

/** One row for each jump, for a table. */
export function rowsOfClocks(trials: readonly ClockTrial[]): readonly (readonly (string | number)[])[] {
  return JUMPS.map((jump) => {
    const of = trials.filter((each) => each.jump === jump);
    const taken = of.filter(({ codes }) => codes[0] === 75).length;
    const faults = of.filter(({ fault }) => fault !== undefined).length;
    return [jump, of.length, of.filter(({ withAnother }) => withAnother).length, taken, faults];
  });
}
