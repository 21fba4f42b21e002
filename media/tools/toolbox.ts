import { dirname, join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../core/errors.ts';
import { askImageio, findProgram, type Program } from './find-tools.ts';
import { howToInstall } from './how-to-install.ts';
import type { LibraryCache } from './library-cache.ts';
import { askTool, type ToolFacts } from './tool-facts.ts';
import { readToolboxCache, type ToolboxCache, withAnswers, writeToolboxCache } from './toolbox-cache.ts';

/** One ffmpeg, and what it was built with. A listed encoder need not work on this machine's GPU. */
export type Tool = {
  readonly path: string;
  readonly version: string;
  readonly encoders: ReadonlySet<string>;
  readonly decoders: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
  readonly muxers: ReadonlySet<string>;
};

export type Toolbox = {
  /** The first ffmpeg with libx265, or the first of all if none has it. */
  readonly ffmpeg: Tool;
  /** The path of ffprobe. */
  readonly ffprobe: string;
  /** The path of tesseract, or undefined if it is not installed. */
  readonly tesseract: string | undefined;
  readonly all: readonly Tool[];
  /** Where the versions of the encoders' libraries are stored; undefined if they are asked for at each start. */
  readonly libraryCache: LibraryCache | undefined;
  withFilter(name: string): Tool | undefined;
  withEncoder(name: string): Tool | undefined;
};

export type ToolboxSearch = {
  /** ffmpegs that the user named, by path or by name. They come before those that are found, and must work. */
  readonly candidates: readonly string[];
  /** The folders to search, written as in the environment variable PATH. */
  readonly searchPath: string;
  /** Stores what each ffmpeg can do until it changes, since asking takes half a second. */
  readonly cacheFile: string;
  /** The version of this program. What another one stored is not used. */
  readonly madeBy: string;
  /** Whether the environment names libraries, or folders of libraries, that programs load before those of the system. */
  readonly namesLibraries: boolean;
  readonly signal: AbortSignal;
};

/**
 * Finds the ffmpegs of this machine. Throws `missing-tool`, with what to install, if there is no ffmpeg or no ffprobe.
 */
export async function openToolbox(search: ToolboxSearch): Promise<Toolbox> {
  const before = await readToolboxCache(search.cacheFile, search.madeBy);
  const { named, found, imageio } = await programs(search, before);
  const tools = new Map<string, ToolFacts>();
  const all = await Promise.all([
    ...named.map((program) => open(program, true)),
    ...found.map((program) => open(program, false)),
  ]);
  const working = all.filter((tool) => tool !== undefined);
  const ffmpeg = working.find((tool) => tool.encoders.has('libx265')) ?? working[0];
  if (!ffmpeg)
    throw new ServiceError('missing-tool', `there is no ffmpeg on this machine: ${howToInstall(process.platform)}`);
  const after = withAnswers(before, { tools: Object.fromEntries(tools), imageio });
  if (!isDeepStrictEqual(before, after)) await writeToolboxCache(search.cacheFile, after);
  return {
    ffmpeg,
    ffprobe: await findFfprobe(named, search.searchPath),
    tesseract: (await findProgram('tesseract', search.searchPath))?.path,
    all: working,
    libraryCache: libraryCacheOf(search),
    withFilter: (name) => working.find((tool) => tool.filters.has(name)),
    withEncoder: (name) => working.find((tool) => tool.encoders.has(name)),
  };

  async function open(program: Program, mustWork: boolean): Promise<Tool | undefined> {
    const { signal } = search;
    try {
      const facts = before.tools[program.stamp] ?? (await askTool(program.path, signal));
      tools.set(program.stamp, facts);
      return {
        path: program.path,
        version: facts.version,
        encoders: new Set(facts.encoders),
        decoders: new Set(facts.decoders),
        filters: new Set(facts.filters),
        muxers: new Set(facts.muxers),
      };
    } catch (error) {
      if (signal.aborted) throw error;
      if (!mustWork) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      throw new ServiceError(
        'missing-tool',
        `${program.path} does not work as an ffmpeg: ${why}`,
        {},
        { cause: error },
      );
    }
  }
}

const libraryCacheOf = ({ cacheFile, madeBy, namesLibraries }: ToolboxSearch): LibraryCache | undefined =>
  namesLibraries ? undefined : { file: join(dirname(cacheFile), 'libraries.json'), madeBy };

/** Returns each program once, those that the user named first. */
async function programs({ candidates, searchPath, signal }: ToolboxSearch, cache: ToolboxCache) {
  const [named, onPath, fromImageio] = await Promise.all([
    Promise.all(candidates.map((candidate) => findNamed(candidate, searchPath))),
    findProgram('ffmpeg', searchPath),
    findImageio(searchPath, cache, signal),
  ]);
  const seen = new Set<string>();
  const isNew = ({ stamp }: Program) => !seen.has(stamp) && seen.add(stamp);
  const found = [onPath, fromImageio.program].filter((program) => program !== undefined);
  return { named: named.filter(isNew), found: found.filter(isNew), imageio: fromImageio.remembered };
}

async function findNamed(candidate: string, searchPath: string): Promise<Program> {
  const program = await findProgram(candidate, searchPath);
  if (program) return program;
  throw new ServiceError('missing-tool', `REELMILL_FFMPEG names "${candidate}", which is not there or not executable`);
}

async function findImageio(searchPath: string, cache: ToolboxCache, signal: AbortSignal) {
  const python = await findProgram('python3', searchPath);
  if (!python) return { program: undefined, remembered: {} };
  const known = cache.imageio[python.stamp];
  const path = (known && (await findProgram(known, '')) && known) || (await askImageio(python, signal));
  if (!path) return { program: undefined, remembered: {} };
  return { program: await findProgram(path, searchPath), remembered: { [python.stamp]: path } };
}

/** Returns the ffprobe that lies beside an ffmpeg that the user named, or the one on the PATH. */
async function findFfprobe(named: readonly Program[], searchPath: string): Promise<string> {
  for (const { path } of named) {
    const beside = await findProgram(join(dirname(path), 'ffprobe'), '');
    if (beside) return beside.path;
  }
  const found = await findProgram('ffprobe', searchPath);
  if (found) return found.path;
  throw new ServiceError('missing-tool', `there is no ffprobe on this machine: ${howToInstall(process.platform)}`);
}
