import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, manifestSchema } from '../../core/job/manifest.ts';
import { type StartedProgram, startProgram } from './started-program.ts';

export type Event = Readonly<Record<string, unknown>> & { readonly type: string };

export type ReelmillRun = {
  readonly code: number | null;
  readonly events: readonly Event[];
  /** The last line of stdout. */
  readonly last: Event | undefined;
  readonly stderr: string;
};

const CLI = join(process.cwd(), 'dist', 'cli.js');

/** What the machine's owner may have set must not reach a test. */
export const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('REELMILL_') ? [] : [[name, value]],
    ),
  );

export type ReelmillOptions = {
  /** Programs to be run by, as `taskset -c 0`. */
  readonly under?: readonly string[];
  readonly cwd?: string;
  readonly uid?: number;
  /** The path of the ffmpeg to prefer. */
  readonly ffmpeg?: string;
};

/** The built command in a process of its own. */
export function startReelmill(
  args: readonly string[],
  { under = [], cwd, uid, ffmpeg }: ReelmillOptions = {},
): StartedProgram {
  const [program = '', ...rest] = [...under, process.execPath, CLI, ...args];
  return startProgram(program, rest, {
    env: { ...plainEnvironment(), ...(ffmpeg !== undefined && { REELMILL_FFMPEG: ffmpeg }) },
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid, gid: uid }),
  });
}

export async function reelmill(args: readonly string[], options?: ReelmillOptions): Promise<ReelmillRun> {
  const { code, stdout, stderr } = await startReelmill(args, options).ended;
  const events = eventsIn(stdout);
  return { code, events, last: events.at(-1), stderr };
}

/** Every line of stdout must be JSON; a table or a word of another kind fails the test. */
export const eventsIn = (stdout: string): Event[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Small, quick segments. */
export const QUICK = ['--set', 'preset=ultrafast', '--set', 'segmentSeconds=1'];

export type RunArguments = {
  readonly out: string;
  readonly recipe?: string;
  readonly set?: readonly string[];
  readonly work?: string;
  readonly layout?: 'files' | 'folders';
};

/** The arguments of `run --json` for one or more files. Unless told otherwise, the results of a film lie in one folder. */
export const runOf = (
  files: readonly string[],
  { out, recipe = 'preserve', set = QUICK, work, layout = 'folders' }: RunArguments,
): string[] => [
  ...['run', '--json', '--recipe', recipe, '--out', out, '--layout', layout, ...set],
  ...(work === undefined ? [] : ['--work', work]),
  '--',
  ...files,
];

/** Runs one file, and fails with all that was said if it does not end well. */
export async function runReelmill(file: string, asked: RunArguments, options?: ReelmillOptions) {
  const run = await reelmill(runOf([file], asked), options);
  if (run.code !== 0) throw new Error(`${file} ended with ${run.code}: ${JSON.stringify(run.last)}\n${run.stderr}`);
  const path = String(run.last?.manifest);
  return { ...run, folder: join(path, '..'), manifest: await manifestAt(path) };
}

export async function manifestAt(path: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
