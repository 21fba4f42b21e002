import { ServiceError } from '../core/errors.ts';
import type { PublishedFile } from '../core/job/job.ts';
import type { Ports } from '../core/ports/ports.ts';
import { recipeKey } from '../core/recipes/recipe-key.ts';
import { resolveSettings } from '../core/recipes/settings.ts';
import type { JobRequest } from './job-request.ts';
import { makeRendition } from './make-rendition.ts';
import { publish } from './publish.ts';
import { readSource } from './read-source.ts';
import { stopwatch } from './stopwatch.ts';
import type { Tracking } from './tracking.ts';
import { unchangedSince } from './unchanged.ts';

export type Milled = {
  readonly status: 'done' | 'unchanged';
  readonly manifest: string;
  readonly published: readonly PublishedFile[];
};

/** probe -> plan -> segments -> join -> verify -> publish, for one source under one recipe. Throws ServiceError. */
export async function mill(request: JobRequest, ports: Ports, tracking: Tracking): Promise<Milled> {
  const watch = stopwatch(ports.clock);
  const settings = resolveSettings(request.recipe, request.settings);
  const before = await ports.sources.head(request.source);
  if (!before) throw new ServiceError('no-input', `there is no ${request.source}, or it cannot be read`);
  const file = await ports.sources.fetch(request.source, tracking.signal);
  const scratch = `jobs/${request.id}`;
  try {
    const tools = await ports.media.tools();
    const key = recipeKey(request.recipe, settings, tools);
    const sha256 = await watch.time('hash', () =>
      hashOf({ path: file.path, bytes: before.bytes }, request, ports, tracking),
    );
    const unchanged = await unchangedSince({ request, sha256, recipeKey: key }, ports, tracking.signal);
    if (unchanged) return { status: 'unchanged', ...unchanged };

    const folder = await ports.scratch.open(scratch);
    const source = await readSource({ path: file.path, bytes: before.bytes, sha256 }, request, ports, {
      ...tracking,
      watch,
      settings,
    });
    const work = { request, ports, tracking, watch, settings, tools, source, folder };
    const renditions = [];
    for (const spec of request.recipe.renditions) renditions.push(await makeRendition(spec, work));
    const after = await ports.sources.head(request.source);
    if (after?.bytes !== before.bytes || after.modifiedMs !== before.modifiedMs) {
      throw new ServiceError(
        'busy',
        `${request.source} changed while it was being read; it is taken up again as it is now`,
      );
    }
    return { status: 'done', ...(await publish(renditions, { ...work, recipeKey: key })) };
  } finally {
    await file.release();
    await ports.scratch.remove(scratch);
  }
}

async function hashOf(
  { path, bytes }: { readonly path: string; readonly bytes: number },
  request: JobRequest,
  { media }: Ports,
  { signal, emit }: Tracking,
): Promise<string> {
  const onProgress = (done: number) =>
    emit({
      type: 'progress',
      job: request.id,
      phase: 'hash',
      rendition: undefined,
      done,
      total: bytes,
      unit: 'bytes',
      fps: undefined,
      speed: undefined,
      etaSeconds: undefined,
    });
  return media.hash(path, { signal, onProgress });
}
