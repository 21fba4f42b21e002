import type { Ports } from '../core/ports/ports.ts';
import { candidates, renditionsFor } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { asFilm, asItWas } from './as-film.ts';
import { chooseRenditions } from './choose-renditions.ts';
import { draftOf } from './draft.ts';
import { headOfSource } from './head-of-source.ts';
import type { JobRequest } from './job-request.ts';
import { readSource } from './read-source.ts';
import { stopwatch } from './stopwatch.ts';
import { subtitlesBeside } from './subtitles-beside.ts';
import { toolsFor } from './tools-for.ts';
import type { Tracking } from './tracking.ts';
import type { Draft, RenditionWork } from './work.ts';

/** The drafts that several tasks can encode at the same time, and the work that they share. */
export type Drafts = { readonly drafts: readonly Draft[]; readonly work: RenditionWork };

/**
 * Reads the source, and passes `use` the drafts of all renditions made from the source; none if the source cannot be
 * entered in its middle. Renditions of renditions are left to the join step. Throws what `readSource` throws.
 */
export async function withDrafts<T>(
  request: JobRequest,
  ports: Ports,
  tracking: Tracking,
  use: (drafts: Drafts) => Promise<T>,
): Promise<T> {
  const settings = resolveSettings(request.recipe, request.settings);
  const head = await headOfSource(request, ports, tracking.signal);
  const file = await ports.sources.fetch(request.source, tracking.signal);
  const { subtitles: beside, release } = await subtitlesBeside(request, ports, tracking.signal);
  const scratch = `drafts/${request.id}/${ports.clock.newId()}`;
  try {
    const folder = await ports.scratch.open(scratch);
    const watch = stopwatch(ports.clock);
    const context = { ...tracking, watch, settings };
    const whole = { path: file.path, bytes: head.bytes, sha256: '' };
    const film = await asFilm(whole, folder, { request, ports, ...context });
    const read = asItWas(await readSource(film.file, request, ports, context), film, file.path);
    const source = { ...read, beside };
    const tools = await toolsFor(candidates(request.recipe, settings), ports, { settings, signal: tracking.signal });
    const all = renditionsFor(request.recipe, settings, source.main.video);
    const { made: specs } = await chooseRenditions(all, request, ports, { settings, there: [] });
    const fromSource = source.cut.access === 'seek' ? specs.filter(({ parent }) => parent === 'source') : [];
    const drafts = fromSource.map((rendition) => draftOf(rendition, { source, tools }, settings));
    return await use({
      drafts,
      work: {
        request,
        ports,
        tracking,
        watch,
        settings,
        tools,
        source,
        folder,
        hasChildren: false,
        isBehind: () => false,
      },
    });
  } finally {
    await release();
    await file.release();
    await ports.scratch.remove(scratch);
  }
}
