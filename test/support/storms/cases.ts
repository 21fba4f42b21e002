import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { FAILURES } from '../../../core/errors.ts';
import { reelmill } from '../reelmill.ts';
import { CASE_FILMS, type CaseFilm } from './case-films.ts';

/** What became of one film in the codec that is tried, beside what becomes of it in HEVC. */
export type CaseTrial = {
  readonly name: string;
  readonly recipe: string;
  readonly hevc: string;
  readonly tried: string;
  readonly fault?: string;
};

type Asked = {
  /** The settings that are tried, as they are written on the command line. */
  readonly settings: readonly string[];
  readonly recipes: readonly string[];
  readonly only?: RegExp;
};

/** Takes films of kinds that made trouble through the built command in HEVC and with other settings, and compares how each ends. */
export async function caseStorm(
  { settings, recipes, only = /^/ }: Asked,
  folder: string,
): Promise<readonly CaseTrial[]> {
  await mkdir(folder, { recursive: true });
  const here = await mkdtemp(join(resolve(folder), 'cases-'));
  try {
    const films = CASE_FILMS.filter(({ name }) => only.test(name));
    const input = join(here, 'input');
    await mkdir(input);
    for (const { name, args } of films)
      await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, join(input, name)]);
    const trials: CaseTrial[] = [];
    for (const recipe of recipes) {
      const hevc = await endsOf({ recipe, input, out: join(here, `${recipe}-hevc`), settings: ['codec=hevc'] });
      const tried = await endsOf({ recipe, input, out: join(here, `${recipe}-tried`), settings });
      for (const film of films.filter((each) => (each.recipe ?? recipe) === recipe))
        trials.push(compared(film, recipe, { hevc: hevc.get(film.name), tried: tried.get(film.name) }));
    }
    return trials;
  } finally {
    await rm(here, { recursive: true, force: true });
  }
}

type Ends = { readonly hevc: string | undefined; readonly tried: string | undefined };

function compared(
  { name }: CaseFilm,
  recipe: string,
  { hevc = 'passed over', tried = 'passed over' }: Ends,
): CaseTrial {
  const trial = { name, recipe, hevc, tried };
  if (tried.startsWith('70')) return { ...trial, fault: tried };
  return hevc.startsWith('done') === tried.startsWith('done') || tried.startsWith('64')
    ? trial
    : { ...trial, fault: `${tried}, and ${hevc} in HEVC` };
}

type Run = {
  readonly recipe: string;
  readonly input: string;
  readonly out: string;
  readonly settings: readonly string[];
};

/** How each film ends: "done", or its exit code and the reason. */
async function endsOf({ recipe, input, out, settings }: Run): Promise<ReadonlyMap<string, string>> {
  const set = ['preset=ultrafast', ...(recipe === 'preserve' ? ['evenIfLarger=true'] : []), ...settings];
  const args = ['run', input, '--recipe', recipe, '--out', out, '--json', ...set.flatMap((each) => ['--set', each])];
  const { events } = await reelmill(args);
  const [ends, films] = [new Map<string, string>(), new Map<unknown, string>()];
  for (const { type, job, source, code, reason } of events) {
    if (type === 'job.queued') films.set(job, basename(String(source)));
    if (type === 'job.done') ends.set(films.get(job) ?? '', 'done');
    if (type === 'job.failed') ends.set(films.get(job) ?? basename(String(source)), `${exitOf(code)} ${reason}`);
  }
  return ends;
}

const exitOf = (code: unknown): number => Object.entries(FAILURES).find(([name]) => name === code)?.[1].exit ?? 70;
