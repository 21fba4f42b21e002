import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JobRequest } from '../../app/job-request.ts';
import { type RunOutcome, runJob } from '../../app/run/run-job.ts';
import { collectedKeys } from '../../core/job/drop.ts';
import type { JobEvent } from '../../core/job/events.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { type Manifest, manifestSchema } from '../../core/job/manifest.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Milled = {
  readonly outcome: RunOutcome;
  readonly events: readonly JobEvent[];
  /** Throws where nothing was published. */
  manifest(): Promise<Manifest>;
  /** A published file's path. */
  path(name: string): string;
  /** Pieces encoded in this run, by rendition. */
  encoded(): Readonly<Record<string, number>>;
  /** Renditions that were made and published in this run. */
  made(): readonly string[];
};

export type TestMill = {
  /** The whole way of a drop in this process, with real tools; again, it finds what it made before. */
  run(
    source: string,
    recipe: string | Recipe,
    settings?: RawSettings,
    more?: Pick<JobRequest, 'asked' | 'remake'>,
  ): Promise<Milled>;
  /** One view, now. */
  use(recipe: Recipe, source: string, rendition: string): Promise<void>;
  /** A copy that may be changed, always under one name. */
  own(clip: string, name?: string): Promise<string>;
  readonly folder: string;
};

/** Small, quick segments. */
export const QUICK = { preset: 'ultrafast', segmentSeconds: '1' } as const;

/** Mills one file in a folder of its own, in this process, and fails with the outcome if it does not end well. */
export async function milledFile(source: string, settings: RawSettings = {}, recipe: string | Recipe = 'preserve') {
  const milled = await (await testMill()).run(source, recipe, settings);
  if (milled.outcome.status !== 'done') throw new Error(`${source} ended as ${JSON.stringify(milled.outcome)}`);
  return { ...milled, manifest: await milled.manifest() };
}

export type TestMillOptions = {
  /** What its disk says of itself. */
  readonly freeBytes?: number;
  /** A mill whose folder of results this one shares, with a work folder of its own, as another machine has it. */
  readonly beside?: TestMill;
  /** Returns ports that take the place of those given, for a run. */
  readonly between?: (ports: Ports) => Partial<Ports>;
};

export async function testMill({ freeBytes, beside, between = () => ({}) }: TestMillOptions = {}): Promise<TestMill> {
  const folder = beside?.folder ?? (await temporaryFolder());
  const work = join(folder, beside ? 'work-beside' : 'work');
  const out = join(folder, 'out');
  return {
    folder,
    async own(clip, name = basename(clip)) {
      await mkdir(join(folder, 'in'), { recursive: true });
      const path = join(folder, 'in', name);
      await copyFile(clip, path);
      return path;
    },
    async use({ id }, path, rendition) {
      const local = await openLocal(work, new AbortController().signal, () => {});
      const { outputPrefix } = collectedKeys(id, basename(path));
      await local.demand.count(outputPrefix, rendition, { views: 1, downloads: 0 }, Date.now());
      await local.close();
    },
    async run(path, named, settings = {}, more = {}) {
      const recipe = typeof named === 'string' ? recipeNamed(named) : named;
      const signal = new AbortController().signal;
      const local = await openLocal(work, signal, () => {});
      const events: JobEvent[] = [];
      try {
        const source = basename(path);
        const request = {
          ...{ source, recipe, settings, ...collectedKeys(recipe.id, source), ...more },
          id: jobIdOf({ store: out, recipe: recipe.id, source, version: '' }),
        };
        const all = local.portsFor({ sources: dirname(path), outputs: out });
        const free = freeBytes === undefined ? {} : { freeBytes: async () => freeBytes };
        const ports = { ...all, ...between(all), scratch: { ...all.scratch, ...free } };
        const onEvent = (event: JobEvent) => events.push(event);
        const outcome = await runJob(request, ports, { signal, onEvent, ifBusy: 'wait' });
        const at = (name: string) => join(out, request.outputPrefix, name);
        return {
          outcome,
          events,
          path: at,
          manifest: async () => manifestSchema.parse(JSON.parse(await readFile(at('manifest.json'), 'utf8'))),
          encoded: () => countEncoded(events),
          made: () => events.flatMap((event) => (event.type === 'rendition.done' ? [event.name] : [])),
        };
      } finally {
        await local.close();
      }
    },
  };
}

function countEncoded(events: readonly JobEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) {
    if (event.type === 'segment.done' && !event.reused) counts[event.rendition] = (counts[event.rendition] ?? 0) + 1;
  }
  return counts;
}

/** The lines of a rendition's metadata, each in one text. */
export const linesOf = ({ manifest }: Awaited<ReturnType<typeof milledFile>>) =>
  (manifest.renditions[0]?.metadata ?? []).map(({ place, name, fate, why }) => `${place} | ${name} | ${fate} | ${why}`);
