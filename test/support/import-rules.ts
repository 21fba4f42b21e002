import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type Import, moduleFacts } from './imports.ts';

type Packages = 'any' | readonly string[];

type Room = {
  /** Folders (or single files) of ours beside the room itself. */
  readonly ours: readonly string[];
  /** Of these only types: they leave nothing behind when the file is compiled. */
  readonly oursAsTypes?: readonly string[];
  /** Packages from npm, by the specifier or a part of it that ends at a slash. */
  readonly packages: Packages;
  readonly builtins: Packages;
};

/** Arrows go one way only: this is the table of the house. Tests, benchmarks and scripts see everything, nobody them. */
export const ROOMS: Readonly<Record<string, Room>> = {
  core: { ours: ['resources/prices.json'], packages: ['zod/mini'], builtins: ['node:crypto'] },
  app: { ours: ['core'], packages: [], builtins: [] },
  media: { ours: ['core'], packages: 'any', builtins: 'any' },
  adapters: { ours: ['core'], packages: 'any', builtins: 'any' },
  runtime: { ours: ['core', 'adapters', 'media', 'package.json'], packages: 'any', builtins: 'any' },
  functions: { ours: ['core', 'app', 'runtime'], packages: ['zod', '@middy'], builtins: [] },
  tasks: {
    ours: ['core', 'app', 'runtime'],
    packages: [],
    builtins: ['node:events', 'node:http', 'node:path', 'node:process', 'node:util'],
  },
  cli: {
    ours: ['core', 'app', 'runtime', 'package.json'],
    packages: ['commander', 'cli-table3'],
    builtins: ['node:events', 'node:path', 'node:process', 'node:readline', 'node:tty', 'node:url', 'node:util'],
  },
  web: {
    ours: [
      'core/montage',
      'core/upload',
      'core/errors.ts',
      'core/format.ts',
      'core/json.ts',
      'core/job/companions.ts',
      'core/library',
      'core/report',
    ],
    oursAsTypes: ['core/api', 'core/film', 'core/job'],
    packages: 'any',
    builtins: [],
  },
};

/**
 * The floors inside the rooms, from the ground up: what a folder may import of its own room besides itself. A row names
 * only rows above it, so that no folders can import each other in a circle. docs/architecture.md says what each one holds.
 */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'core/bytes': [],
  'core/film': ['core', 'core/bytes'],
  'core/fields': ['core', 'core/bytes', 'core/film'],
  'core/recordings': ['core', 'core/bytes', 'core/film'],
  'core/description': ['core', 'core/bytes', 'core/film'],
  'core/segments': ['core', 'core/bytes', 'core/fields', 'core/film'],
  'core/thumbnails': ['core', 'core/film'],
  'core/upscale': ['core', 'core/film'],
  'core/settings': ['core', 'core/description', 'core/film', 'core/segments', 'core/upscale'],
  'core/job': ['core', 'core/description', 'core/fields', 'core/film', 'core/settings'],
  'core/fragment': ['core', 'core/bytes'],
  'core/serving': ['core'],
  'core/library': ['core'],
  'core/upload': ['core'],
  'core/montage': ['core'],
  'core/api': ['core', 'core/job', 'core/montage'],
  'core/archive': ['core', 'core/job'],
  'core/playlists': ['core', 'core/film', 'core/job'],
  'core/quality': ['core', 'core/fields', 'core/film', 'core/job', 'core/segments', 'core/settings'],
  'core/renditions': ['core/job'],
  'core/streams': [
    'core',
    'core/bytes',
    'core/description',
    'core/film',
    'core/job',
    'core/recordings',
    'core/settings',
  ],
  'core/filters': ['core', 'core/fields', 'core/film', 'core/settings', 'core/streams'],
  'core/codecs': ['core', 'core/fields', 'core/film', 'core/filters', 'core/settings', 'core/upscale'],
  'core/dispatch': ['core', 'core/codecs', 'core/fields', 'core/film', 'core/job', 'core/settings', 'core/upscale'],
  'core/encode': [
    'core',
    'core/bytes',
    'core/codecs',
    'core/description',
    'core/fields',
    'core/film',
    'core/filters',
    'core/segments',
    'core/settings',
    'core/streams',
    'core/upscale',
  ],
  'core/storage': ['core'],
  'core/plan': ['core/codecs', 'core/dispatch', 'core/job', 'core/settings', 'core/storage', 'core/upscale'],
  'core/recipes': [
    'core',
    'core/codecs',
    'core/encode',
    'core/film',
    'core/job',
    'core/plan',
    'core/renditions',
    'core/settings',
    'core/upscale',
  ],
  'core/report': ['core', 'core/job', 'core/plan', 'core/quality', 'core/storage'],
  'core/gallery': ['core', 'core/job', 'core/montage', 'core/report'],
  'core/subtitles': [
    'core',
    'core/bytes',
    'core/description',
    'core/film',
    'core/job',
    'core/settings',
    'core/streams',
  ],
  'core/ports': [
    'core',
    'core/archive',
    'core/bytes',
    'core/codecs',
    'core/description',
    'core/dispatch',
    'core/encode',
    'core/fields',
    'core/film',
    'core/job',
    'core/library',
    'core/plan',
    'core/quality',
    'core/recordings',
    'core/renditions',
    'core/segments',
    'core/settings',
    'core/streams',
    'core/subtitles',
    'core/thumbnails',
    'core/upload',
  ],
  'core/notices': ['core', 'core/dispatch', 'core/job', 'core/ports', 'core/storage'],
  'core/stack-report': ['core/archive', 'core/dispatch', 'core/job', 'core/ports'],
  'core/verify': [
    'core',
    'core/bytes',
    'core/codecs',
    'core/description',
    'core/film',
    'core/job',
    'core/ports',
    'core/quality',
    'core/streams',
  ],
  'media/nut': [],
  'media/process': [],
  'media/onnx': ['media/nut', 'media/process'],
  'media/structure': [],
  'media/probe': ['media/nut', 'media/process', 'media/structure'],
  'media/animation': ['media/nut', 'media/probe', 'media/process', 'media/structure'],
  'media/encode': ['media/nut', 'media/onnx', 'media/probe', 'media/process'],
  'media/join': ['media/nut', 'media/probe', 'media/process', 'media/structure'],
  'media/recordings': ['media/nut', 'media/process', 'media/structure'],
  'media/pictures': ['media/probe', 'media/process'],
  'media/tools': ['media/process'],
  'media/measure': ['media/probe', 'media/process', 'media/tools'],
  'media/ocr': ['media/nut', 'media/probe', 'media/process', 'media/tools'],
  media: [
    'media/animation',
    'media/encode',
    'media/join',
    'media/measure',
    'media/ocr',
    'media/onnx',
    'media/pictures',
    'media/probe',
    'media/recordings',
    'media/structure',
    'media/tools',
  ],
  app: [],
  'app/source': ['app'],
  'app/decide': ['app', 'app/source'],
  'app/encode': ['app', 'app/decide', 'app/source'],
  'app/share': ['app', 'app/decide', 'app/encode', 'app/source'],
  'app/join': ['app', 'app/encode', 'app/source'],
  'app/make': ['app/decide', 'app/encode', 'app/join', 'app/source'],
  'app/publish': ['app', 'app/decide', 'app/encode', 'app/make', 'app/source'],
  'app/run': ['app', 'app/decide', 'app/encode', 'app/make', 'app/publish', 'app/share', 'app/source'],
  'app/plan': ['app', 'app/decide', 'app/encode', 'app/join', 'app/share', 'app/source'],
  'app/dispatch': ['app'],
  'app/intake': ['app', 'app/dispatch', 'app/run'],
  'app/api': ['app/intake', 'app/plan'],
  'app/archive': ['app'],
  'app/serve': [],
  'adapters/aws': [],
  'adapters/shared': [],
  'adapters/local': ['adapters/shared'],
  runtime: [],
  'runtime/serving': ['runtime'],
  'runtime/aws': ['runtime'],
  'cli/terminal': [],
  'cli/telling': ['cli/terminal'],
  'cli/stage': ['cli/telling', 'cli/terminal'],
  'cli/films': ['cli/telling', 'cli/terminal'],
  'cli/arguments': ['cli/terminal'],
  'cli/storage': ['cli/arguments', 'cli/films', 'cli/terminal'],
  'cli/archive': ['cli/terminal'],
  'cli/completion': ['cli/films', 'cli/storage'],
  'cli/commands': [
    'cli/archive',
    'cli/arguments',
    'cli/completion',
    'cli/films',
    'cli/stage',
    'cli/storage',
    'cli/telling',
    'cli/terminal',
  ],
  'cli/define': ['cli/arguments', 'cli/commands', 'cli/stage', 'cli/telling'],
  cli: ['cli/arguments', 'cli/commands', 'cli/define', 'cli/terminal'],
};

/** These may see everything of ours; only a test may see scripts, only a benchmark what tests are supported by. */
const OUTSIDE = ['test', 'bench', 'scripts'];

/** The one file that reads the environment. */
const CONFIG: readonly string[] = ['runtime/config.ts', 'runtime/library-settings.ts', 'runtime/terminal-config.ts'];

/** What is wrong with one file's imports, a sentence each; `path` is relative to the repository. */
export function offences(path: string, source: string): string[] {
  const { imports, readsEnvironment } = moduleFacts(source, path);
  const room = roomOf(path);
  const wrong = imports.flatMap((each) => offence(path, room, each) ?? []);
  const mayReadEnvironment = CONFIG.includes(path) || OUTSIDE.includes(room) || !ROOMS[room];
  return readsEnvironment && !mayReadEnvironment
    ? [...wrong, `${path} reads process.env; only ${CONFIG.join(' and ')} may`]
    : wrong;
}

function offence(path: string, room: string, { specifier, typeOnly }: Import): string | undefined {
  const rules = ROOMS[room];
  if (specifier === '?') return rules && `${path} imports what it computes`;
  if (!specifier.startsWith('.')) {
    return !rules || allowed(isBuiltin(specifier) ? rules.builtins : rules.packages, specifier)
      ? undefined
      : `${path} imports ${specifier}; ${room} may not`;
  }
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  if (target.startsWith('..')) return `${path} imports ${specifier}, which lies outside of the repository`;
  const targetRoom = roomOf(target);
  if (targetRoom === room) return floorOffence(path, target);
  if (targetRoom === 'scripts' && room === 'test') return undefined;
  if (target.startsWith('test/support/') && room === 'bench') return undefined;
  if (OUTSIDE.includes(targetRoom)) return `${path} imports ${target}; nobody may import ${targetRoom}`;
  if (!rules) return undefined;
  const ours = typeOnly ? [...rules.ours, ...(rules.oursAsTypes ?? [])] : rules.ours;
  return allowed(ours, target) ? undefined : `${path} imports ${typeOnly ? 'types of ' : ''}${target}; ${room} may not`;
}

/** Inside a room: a folder sees itself and the folders of its row. Rooms without rows are one floor. */
function floorOffence(path: string, target: string): string | undefined {
  const [from, to] = [posix.dirname(path), posix.dirname(target)];
  const row = FLOORS[from];
  const hasFloors = Object.keys(FLOORS).some((folder) => roomOf(`${folder}/`) === roomOf(path));
  if (from === to || !hasFloors) return undefined;
  if (!row) return `${path} lies in ${from}, which has no row in the table of floors`;
  return row.includes(to) ? undefined : `${path} imports ${target}; ${from} may not`;
}

function allowed(list: Packages, name: string): boolean {
  return list === 'any' || list.some((each) => name === each || name.startsWith(`${each}/`));
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** The files of ours that a file imports, as paths from the repository's root. */
export const importsOf = (path: string, source: string): string[] =>
  moduleFacts(source, path)
    .imports.filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.normalize(posix.join(posix.dirname(path), specifier)));

/** Files that import each other in a loop, each loop once and sorted; `modules` are sources by path. */
export function circles(modules: ReadonlyMap<string, string>): string[][] {
  const targets = new Map<string, readonly string[]>();
  for (const [path, source] of modules) {
    const paths = importsOf(path, source);
    targets.set(
      path,
      [...new Set(paths)].filter((target) => modules.has(target)),
    );
  }
  const reaches = new Map([...targets.keys()].map((path) => [path, reachedFrom(path, targets)]));
  const loops = [...reaches].flatMap(([path, reached]) =>
    reached.has(path) ? [[...reached].filter((other) => reaches.get(other)?.has(path)).sort()] : [],
  );
  return [...new Map(loops.map((loop) => [loop.join(), loop])).values()];
}

/** Everything that a file imports, and what that imports; itself only where a loop leads back. */
function reachedFrom(start: string, targets: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [...(targets.get(start) ?? [])];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    queue.push(...(targets.get(path) ?? []));
  }
  return reached;
}
