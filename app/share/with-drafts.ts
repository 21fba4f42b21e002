import type { LocalFile } from '../../core/ports/object-store.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { candidates, renditionsFor } from '../../core/recipes/renditions.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { chooseRenditions } from '../decide/choose-renditions.ts';
import { draftOf } from '../encode/draft.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import { asFilm, asItWas } from '../source/as-film.ts';
import { refuseOtherThanTelecine } from '../source/before-telecine.ts';
import { headOfSource } from '../source/head-of-source.ts';
import { readSource, type SourceFacts } from '../source/read-source.ts';
import { subtitlesBeside } from '../source/subtitles-beside.ts';
import { type Stopwatch, stopwatch } from '../stopwatch.ts';
import { toolsFor } from '../tools-for.ts';
import type { Tracking } from '../tracking.ts';

/** The drafts that several tasks can encode at the same time, and the work that they share. */
export type Drafts = {
  readonly drafts: readonly Draft[];
  /** The drafts of a source that is decoded from its start: several tasks can encode them if each has a stretch of it. */
  readonly fed: readonly Draft[];
  readonly work: RenditionWork;
  /** The file of the source; undefined if the drafts are those of a film that was made from it. */
  readonly file: LocalFile | undefined;
};

/** Where the drafts come from: what is asked, and how it is done. */
export type Drafting = {
  readonly request: JobRequest;
  readonly ports: Ports;
  readonly tracking: Tracking;
};

/**
 * Reads the source, and passes `use` the drafts of all renditions made from the source; none if the source cannot be
 * entered in its middle. Renditions of renditions are left to the join step. Throws what `readSource` throws.
 */
export async function withDrafts<T>(drafting: Drafting, use: (drafts: Drafts) => Promise<T>): Promise<T> {
  const { request, ports, tracking } = drafting;
  const settings = resolveSettings(request.recipe, request.settings);
  const head = await headOfSource(request, ports, tracking.signal);
  const file = await ports.sources.fetch(request.source, tracking.signal);
  const { subtitles: beside, release } = await subtitlesBeside(request, ports, tracking.signal);
  try {
    return await withFolder(drafting, async (folder, watch) => {
      const context = { ...tracking, watch, settings, tellsPlaces: true, folder };
      const whole = { path: file.path, bytes: head.bytes, sha256: '' };
      const film = await asFilm(whole, folder, { request, ports, ...context });
      const read = asItWas(await readSource(film.file, request, ports, context), film, file.path);
      refuseOtherThanTelecine(read, request, settings);
      const shared = await draftsOf({ ...read, beside }, drafting, { folder, watch });
      return use({ ...shared, file: read.path === whole.path ? file : undefined });
    });
  } finally {
    await release();
    await file.release();
  }
}

/** Passes `use` the same drafts from facts that were read before. Their source has no path yet. */
export const withKnownDrafts = <T>(
  facts: SourceFacts,
  drafting: Drafting,
  use: (drafts: Omit<Drafts, 'file'>) => Promise<T>,
): Promise<T> => withFolder(drafting, async (folder, watch) => use(await draftsOf(facts, drafting, { folder, watch })));

async function withFolder<T>(
  { request, ports }: Drafting,
  use: (folder: string, watch: Stopwatch) => Promise<T>,
): Promise<T> {
  const scratch = `drafts/${request.id}/${ports.clock.newId()}`;
  try {
    return await use(await ports.scratch.open(scratch), stopwatch(ports.clock));
  } finally {
    await ports.scratch.remove(scratch);
  }
}

async function draftsOf(
  source: SourceFacts,
  { request, ports, tracking }: Drafting,
  { folder, watch }: { readonly folder: string; readonly watch: Stopwatch },
): Promise<Omit<Drafts, 'file'>> {
  const settings = resolveSettings(request.recipe, request.settings);
  const tools = await toolsFor(candidates(request.recipe, settings), ports, { settings, signal: tracking.signal });
  const renditions = renditionsFor(request.recipe, settings, source.main.video);
  const { made: specs } = await chooseRenditions(renditions, request, ports, { settings, there: [] });
  const fromSource = specs.filter(({ parent }) => parent === 'source');
  const all = fromSource.map((rendition) => draftOf(rendition, { source, tools }, settings));
  const [drafts, fed] = source.cut.access === 'seek' ? [all, []] : [[], all];
  const work = { request, ports, tracking, watch, settings, tools, source, folder };
  return { drafts, fed, work: { ...work, hasChildren: false, isBehind: () => false } };
}
