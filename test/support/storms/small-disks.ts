import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sha256 } from '../hash.ts';
import { onSmallDisk } from '../limits.ts';
import { reelmill } from '../reelmill.ts';
import { prepareWork, type Work } from './kill-works.ts';
import { stormRecord } from './record.ts';
import { seeded } from './seeded.ts';

/** What became of one run on a disk that was too small, or just large enough. */
export type DiskTrial = {
  readonly seed: number;
  /** Which folder lies on the small disk. */
  readonly disk: 'work' | 'out';
  readonly bytes: number;
  readonly code: number | null;
  readonly fault?: string;
};

type DiskStorm = { readonly count: number; readonly said?: (trial: DiskTrial) => void };

const LARGEST_BYTES = 2_000_000;

/**
 * Runs one film with its work, or its results, on disks of random sizes. A run must end with 0 or 73 and one sentence, with
 * nothing half published and its source as it was; the next one, with room, must publish the bytes of an undisturbed run.
 */
export async function smallDisks({ count, said }: DiskStorm, folder: string): Promise<readonly DiskTrial[]> {
  const record = await stormRecord<DiskTrial>(join(folder, 'small-disks.jsonl'));
  const here = await mkdtemp(join(resolve(folder), 'disks-'));
  try {
    const work = await prepareWork('preserve', here);
    const calm = (await reelmill(argsOf(work, join(here, 'calm'), join(here, 'calm-work')))).code;
    if (calm !== 0) throw new Error(`the undisturbed run ended with ${calm}`);
    const wanted = await sha256(join(here, 'calm', 'preserve', 'film.mp4', 'preserve.mp4'));
    const source = await sha256(work.film);
    for (let seed = record.trials.length; seed < count; seed++) {
      const trial = await onDisk(seed, { work, here, wanted, source });
      await record.add(trial);
      said?.(trial);
    }
  } finally {
    await rm(here, { recursive: true, force: true });
  }
  return record.trials.slice(0, count);
}

type Place = { readonly work: Work; readonly here: string; readonly wanted: string; readonly source: string };

async function onDisk(seed: number, { work, here, wanted, source }: Place): Promise<DiskTrial> {
  const random = seeded(seed);
  const disk = seed % 2 === 0 ? 'work' : 'out';
  const bytes = Math.round(20_000 * (LARGEST_BYTES / 20_000) ** random());
  const places = { out: join(here, `out-${seed}`), work: join(here, `work-${seed}`) };
  await Promise.all([mkdir(places.out), mkdir(places.work)]);
  const args = argsOf(work, places.out, places.work);
  const { code, last, stderr } = await reelmill(args, { under: onSmallDisk(places[disk], bytes) });
  const faults: string[] = [];
  if (code !== 0 && code !== 73) faults.push(`ended with ${code}: ${JSON.stringify(last)} ${stderr.slice(-300)}`);
  if (/^\s+at /m.test(stderr)) faults.push('showed a stack');
  // what lies on the small disk at the end is listed behind the command's own words
  if (code !== 0 && /^\.\/preserve\/.*(mp4|manifest\.json|report\.html)$/m.test(stderr))
    faults.push('something is half there');
  if (code !== 0 && (await readdir(places.out)).includes('preserve')) faults.push('something is half there');
  if ((await sha256(work.film)) !== source) faults.push('the source was changed');
  const again = await reelmill(args);
  const film = join(places.out, 'preserve', 'film.mp4', 'preserve.mp4');
  if (again.code !== 0) faults.push(`with room it ended with ${again.code}: ${JSON.stringify(again.last)}`);
  else if ((await readFile(film)).length === 0 || (await sha256(film)) !== wanted)
    faults.push('the film has other bytes');
  const fault = faults.length > 0 ? { fault: faults.join('; ') } : {};
  if (!fault.fault) await Promise.all(Object.values(places).map((each) => rm(each, { recursive: true, force: true })));
  return { seed, disk, bytes, code, ...fault };
}

function argsOf({ first, film }: Work, out: string, work: string): readonly string[] {
  const settings = first.filter((arg, i) => arg === '--set' || first[i - 1] === '--set');
  return [
    'run',
    '--json',
    '--recipe',
    'preserve',
    '--out',
    out,
    '--work',
    work,
    '--layout',
    'folders',
    ...settings,
    '--',
    film,
  ];
}

/** One row for each disk, for a table. */
export function rowsOfDisks(trials: readonly DiskTrial[]): readonly (readonly (string | number)[])[] {
  return (['work', 'out'] as const).map((disk) => {
    const of = trials.filter((each) => each.disk === disk);
    const coded = (code: number) => of.filter((each) => each.code === code).length;
    const what = disk === 'work' ? 'the disk of pieces, cache and job table' : 'the disk of results';
    return [what, of.length, coded(0), coded(73), of.filter(({ fault }) => fault !== undefined).length];
  });
}
