import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ServiceError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';

/** A package that is not installed with the command: its project has a lock file with the exact versions and hashes. */
export type NpmPart = {
  readonly name: string;
  readonly version: string;
  /** The size on the disk after npm has unpacked everything. */
  readonly bytes: number;
  /** The folder of package.json and package-lock.json. */
  readonly project: string;
  /** The folder that the package is fetched into; another lock file gives another one. */
  readonly place: string;
};

const projectSchema = z.object({ reelmill: z.object({ version: z.string(), bytes: z.int() }) });

/** Returns the part whose project lies in the folder, or undefined if there is none. Fetches nothing. */
export function npmPart(name: string, folder: string, cache: string): NpmPart | undefined {
  const project = join(folder, name);
  const lock = join(project, 'package-lock.json');
  if (!existsSync(lock)) return undefined;
  const { version, bytes } = projectSchema.parse(
    JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')),
  ).reelmill;
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 12);
  return { name, version, bytes, project, place: join(cache, `${name}-${version}-${hash}`) };
}

/** Whether the part is on this machine. */
export const isFetched = ({ name, place }: NpmPart): boolean => existsSync(join(place, 'node_modules', name));

type FetchOptions = {
  readonly signal: AbortSignal;
  /** Called with sentences about the progress. */
  report(message: string): void;
  /** Removes from the fetched package what this machine cannot use, before it is put in place. */
  trim(folder: string): Promise<void>;
};

/**
 * Returns the folder of the part's package, which npm fetches if it is not there yet. npm refuses bytes with another hash
 * than the lock file has, and runs no script of a package. Safe for several processes at once. Throws `missing-tool`.
 */
export async function fetchPart(part: NpmPart, options: FetchOptions): Promise<string> {
  const { name, project, place } = part;
  if (!isFetched(part)) {
    await removeAbandoned(join(place, '..'));
    const draft = `${place}.${randomBytes(6).toString('hex')}${DRAFT}`;
    try {
      await mkdir(draft, { recursive: true });
      for (const file of ['package.json', 'package-lock.json']) await copyFile(join(project, file), join(draft, file));
      await install(part, draft, options);
      await options.trim(join(draft, 'node_modules', name));
      await rename(draft, place).catch(unlessThere(part));
    } catch (error) {
      throw writeFailure(error, place);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return join(place, 'node_modules', name);
}

const DRAFT = '.draft';
const ABANDONED_MS = 24 * 60 * 60 * 1000;
const PROGRESS_MS = 2000;

async function install(part: NpmPart, folder: string, { signal, report }: FetchOptions): Promise<void> {
  const { name, version, bytes } = part;
  report(`fetching ${name} ${version} into ${part.place} (${formatBytes(bytes)} on the disk, once)`);
  let last = 0;
  const timer = setInterval(async () => {
    const percent = Math.floor((100 * (await sizeOf(folder))) / bytes);
    if (percent >= last + 5 && percent < 100) report(`fetching ${name}: ${percent} %`);
    last = Math.max(last, percent - (percent % 5));
  }, PROGRESS_MS);
  try {
    await runProcess('npm', ['ci', '--ignore-scripts', '--prefer-offline', ...QUIETLY], { signal, cwd: folder });
    report(`fetched ${name} ${version}`);
  } catch (error) {
    throw unfetched(part, error);
  } finally {
    clearInterval(timer);
  }
}

const QUIETLY = ['--no-audit', '--no-fund', '--loglevel=error'];

function unfetched({ name, version }: NpmPart, error: unknown): unknown {
  const wanted = `${name} ${version}`;
  const remedy = `with a network, run "reelmill fetch ${name}" and then try again`;
  if (error instanceof ServiceError && error.code === 'missing-tool') {
    return new ServiceError(
      'missing-tool',
      `npm, which fetches ${wanted}, is not installed; ${remedy}`,
      {},
      { cause: error },
    );
  }
  if (!(error instanceof ProcessError)) return error;
  const words = error.stderrTail.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)/.test(line));
  const why = words?.replace(/^npm (error|ERR!) /, '') ?? `exit code ${error.exitCode}`;
  const details = { stderr: error.stderrTail };
  return new ServiceError('missing-tool', `npm could not fetch ${wanted} (${why}); ${remedy}`, details, {
    cause: error,
  });
}

/** Another process may have put the same part in place first. */
const unlessThere = (part: NpmPart) => (error: unknown) => {
  if (!isFetched(part)) throw error;
};

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const info = name.endsWith(DRAFT) ? await lstat(join(folder, name)).catch(() => undefined) : undefined;
    const isOld = info && Date.now() - info.mtimeMs > ABANDONED_MS;
    if (isOld) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = files.filter((each) => each.isFile()).map((each) => stat(join(each.parentPath, each.name)));
  return (await Promise.allSettled(sizes)).reduce((sum, each) => sum + ('value' in each ? each.value.size : 0), 0);
}
