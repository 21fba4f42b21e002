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
  core: { ours: [], packages: ['zod/mini'], builtins: ['node:crypto'] },
  app: { ours: ['core'], packages: [], builtins: [] },
  media: { ours: ['core'], packages: 'any', builtins: 'any' },
  adapters: { ours: ['core'], packages: 'any', builtins: 'any' },
  runtime: { ours: ['core', 'adapters', 'media'], packages: 'any', builtins: 'any' },
  functions: { ours: ['core', 'app', 'runtime'], packages: ['zod', '@middy'], builtins: [] },
  tasks: {
    ours: ['core', 'app', 'runtime'],
    packages: [],
    builtins: ['node:events', 'node:http', 'node:path', 'node:process', 'node:util'],
  },
  cli: {
    ours: ['core', 'app', 'runtime', 'package.json'],
    packages: ['commander', 'cli-progress', 'cli-table3'],
    builtins: ['node:events', 'node:path', 'node:process', 'node:readline', 'node:tty', 'node:url', 'node:util'],
  },
  web: {
    ours: ['core/montage'],
    oursAsTypes: ['core/media', 'core/job', 'core/job/manifest.ts'],
    packages: 'any',
    builtins: [],
  },
};

/** These may see everything of ours; only a test may see scripts, only a benchmark what tests are supported by. */
const OUTSIDE = ['test', 'bench', 'scripts'];

/** The one file that reads the environment. */
const CONFIG = 'runtime/config.ts';

/** What is wrong with one file's imports, a sentence each; `path` is relative to the repository. */
export function offences(path: string, source: string): string[] {
  const { imports, readsEnvironment } = moduleFacts(source, path);
  const room = roomOf(path);
  const wrong = imports.flatMap((each) => offence(path, room, each) ?? []);
  const mayReadEnvironment = path === CONFIG || OUTSIDE.includes(room) || !ROOMS[room];
  return readsEnvironment && !mayReadEnvironment ? [...wrong, `${path} reads process.env; only ${CONFIG} may`] : wrong;
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
  if (targetRoom === room) return undefined;
  if (targetRoom === 'scripts' && room === 'test') return undefined;
  if (target.startsWith('test/support/') && room === 'bench') return undefined;
  if (OUTSIDE.includes(targetRoom)) return `${path} imports ${target}; nobody may import ${targetRoom}`;
  if (!rules) return undefined;
  const ours = typeOnly ? [...rules.ours, ...(rules.oursAsTypes ?? [])] : rules.ours;
  return allowed(ours, target) ? undefined : `${path} imports ${typeOnly ? 'types of ' : ''}${target}; ${room} may not`;
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

/** Files that import each other in a loop, each loop once and sorted; `modules` are sources by path. */
export function circles(modules: ReadonlyMap<string, string>): string[][] {
  const targets = new Map<string, readonly string[]>();
  for (const [path, source] of modules) {
    const ours = moduleFacts(source, path).imports.filter(({ specifier }) => specifier.startsWith('.'));
    const paths = ours.map(({ specifier }) => posix.normalize(posix.join(posix.dirname(path), specifier)));
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
