import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../core/errors.ts';
import { askImageio, findProgram, type Program } from './find-tools.ts';
import { askTool, type ToolFacts } from './tool-facts.ts';
import { readToolboxCache, type ToolboxCache, writeToolboxCache } from './toolbox-cache.ts';

/** One ffmpeg, and what it was built with. That an encoder is listed does not say that this machine's GPU can do it. */
export type Tool = {
  readonly path: string;
  readonly version: string;
  readonly encoders: ReadonlySet<string>;
  readonly decoders: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
  readonly muxers: ReadonlySet<string>;
};

export type Toolbox = {
  /** The first with libx265; the first, if none has it. */
  readonly ffmpeg: Tool;
  /** Its path. */
  readonly ffprobe: string;
  /** Its path, where there is one. */
  readonly tesseract: string | undefined;
  readonly all: readonly Tool[];
  withFilter(name: string): Tool | undefined;
  withEncoder(name: string): Tool | undefined;
};

export type ToolboxSearch = {
  /** ffmpegs that someone named, by path or by name: they come before what is found, and must work. */
  readonly candidates: readonly string[];
  /** As in the environment's PATH. */
  readonly searchPath: string;
  /** Remembers what each ffmpeg can do, until it changes: asking takes half a second. */
  readonly cacheFile: string;
  readonly signal: AbortSignal;
};

const INSTALL =
  'apt-get install ffmpeg | apk add ffmpeg | dnf install ffmpeg-free | brew install ffmpeg; or name one in REELMILL_FFMPEG';

/** The ffmpegs at hand. Throws `missing-tool` with what to install where there is none, or no ffprobe. */
export async function openToolbox(places: ToolboxSearch): Promise<Toolbox> {
  const before = await readToolboxCache(places.cacheFile);
  const { named, found, imageio } = await programs(places, before);
  const tools = new Map<string, ToolFacts>();
  const all = await Promise.all([
    ...named.map((program) => open(program, true)),
    ...found.map((program) => open(program, false)),
  ]);
  const working = all.filter((tool) => tool !== undefined);
  const ffmpeg = working.find((tool) => tool.encoders.has('libx265')) ?? working[0];
  if (!ffmpeg) throw new ServiceError('missing-tool', `there is no ffmpeg on this machine: ${INSTALL}`);
  const after = { version: 1, tools: Object.fromEntries(tools), imageio } as const;
  if (!isDeepStrictEqual(before, after)) await writeToolboxCache(places.cacheFile, after);
  return {
    ffmpeg,
    ffprobe: await findFfprobe(named, places.searchPath),
    tesseract: (await findProgram('tesseract', places.searchPath))?.path,
    all: working,
    withFilter: (name) => working.find((tool) => tool.filters.has(name)),
    withEncoder: (name) => working.find((tool) => tool.encoders.has(name)),
  };

  async function open(program: Program, mustWork: boolean): Promise<Tool | undefined> {
    const { signal } = places;
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

/** Each program once, those named first. */
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

/** Beside an ffmpeg that was named, if it has one; else on the PATH. */
async function findFfprobe(named: readonly Program[], searchPath: string): Promise<string> {
  for (const { path } of named) {
    const beside = await findProgram(join(dirname(path), 'ffprobe'), '');
    if (beside) return beside.path;
  }
  const found = await findProgram('ffprobe', searchPath);
  if (found) return found.path;
  throw new ServiceError('missing-tool', `there is no ffprobe on this machine: ${INSTALL}`);
}
