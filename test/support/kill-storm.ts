import { watch } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { sha256 } from './hash.ts';
import { startReelmill } from './reelmill.ts';

/** Putting a film in its place takes about half of this. */
const LONGEST_MS = 60;

export type KillStorm = {
  /** How often the process was killed while it worked, and how often within the work of putting a film in its place. */
  readonly kills: number;
  readonly within: number;
  /** Films that were not there, whole, old or new, after a kill. */
  readonly lost: readonly string[];
};

/**
 * Runs `--replace` over a folder again and again, and kills it at many moments while it puts a film in its place, or shortly
 * afterwards. Where the machine is so busy that each kill came too late for that, it is killed more often. After each kill every film has to be there. When nothing is left to do, all is undone.
 */
export async function killStorm(folder: string, args: readonly string[], kills: number): Promise<KillStorm> {
  const before = await filmsIn(folder);
  const aside = join(folder, '.reelmill', 'originals');
  await mkdir(aside, { recursive: true });
  const lost: string[] = [];
  let [done, within] = [0, 0];
  // One that came too late is not tried again, since it could always be too late: the next comes at another moment.
  for (let run = 0; done < kills || (within === 0 && done < 10 * kills); run++) {
    const moment = await killedRun(aside, args, {
      film: 1 + (run % 2),
      delayMs: run % 3 === 0 ? 0 : ((run * 0.618) % 1) * LONGEST_MS,
    });
    if (moment === 'ended') await undoAll(folder);
    else {
      done++;
      if (moment === 'within') within++;
    }
    lost.push(...(await missing(folder, before)));
  }
  return { kills: done, within, lost };
}

/** The films of a folder, and the hash of each. */
export async function filmsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('.reelmill/'));
  return new Map(await Promise.all(paths.map(async (path) => [path, await sha256(join(folder, path))] as const)));
}

/** A film is old if its bytes are there, and new if a film is there that has the hash that its verification found. */
async function missing(folder: string, before: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const now = await filmsIn(folder);
  const records = await recordsIn(join(folder, '.reelmill', 'originals'));
  return [...before].flatMap(([path, hash]) => {
    if (now.get(path) === hash) return [];
    const record = records.find(({ source }) => source === path);
    return record && now.get(record.film) === record.is.sha256 ? [] : [path];
  });
}

type Recorded = { readonly source: string; readonly film: string; readonly is: { readonly sha256: string } };

async function recordsIn(aside: string): Promise<readonly Recorded[]> {
  const names = await readdir(aside);
  const texts = await Promise.all(
    names.map((name) => readFile(join(aside, name, 'entry.json'), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) => (text.endsWith('}\n') ? [JSON.parse(text)] : []));
}

/** The n-th film to be put in its place, and how long after this has begun. */
type Moment = { readonly film: number; readonly delayMs: number };

async function killedRun(aside: string, args: readonly string[], { film, delayMs }: Moment) {
  const { child, ended } = startReelmill(args);
  const begun = new Set<string>();
  const watcher = watch(aside, (_, name) => {
    if (name === null || begun.has(name)) return;
    begun.add(name);
    if (begun.size === film) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  const { signal } = await ended;
  watcher.close();
  if (signal !== 'SIGKILL') return 'ended';
  const entries = await readdir(aside);
  const marks = await Promise.all(entries.map((name) => readdir(join(aside, name))));
  return marks.some((names) => !names.includes('done')) ? 'within' : 'between';
}

async function undoAll(folder: string): Promise<void> {
  const { code, stderr } = await startReelmill(['undo', folder]).ended;
  if (code !== 0) throw new Error(`undo of ${basename(folder)} ended with ${code}: ${stderr}`);
  await stat(folder);
}
