import type { OutputKeys } from '../../core/job/drop.ts';
import type { IntakeRules } from '../../core/job/intake-rules.ts';
import { type Job, jobIdOf } from '../../core/job/job.ts';
import type { Needs } from '../../core/job/needs.ts';
import { type Order, withModel } from '../../core/recipes/menu.ts';
import { needsOf } from '../../core/recipes/needs-of.ts';
import { resultBits } from '../../core/recipes/result-bits.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { type PriorityPorts, priorities } from './priorities.ts';

export type NewJobPorts = PriorityPorts & {
  /** The bucket's name or the path of the results' folder, which is part of a job's identity. */
  readonly store: string;
  readonly rules: Pick<IntakeRules, 'jobPer' | 'checksAhead'>;
  /** The folders of sources and results on one machine. */
  readonly places?: Job['places'];
};

/** One recipe that is requested for a source, with the keys of its results. */
export type PlacedOrder = Order &
  OutputKeys & {
    /** The name of the source in the job's identity, if it is not the path: two films from two folders may have one path. */
    readonly identity?: string;
    /** Whether the film takes the place of its source. */
    readonly replaces?: boolean;
  };

/** Returns a job that is not in the job table yet. `version` is the source's; undefined if it was not looked up. */
export async function newJob(
  source: string,
  order: PlacedOrder,
  version: string | undefined,
  ports: NewJobPorts,
): Promise<Job> {
  const { outputPrefix, failureKey, films, replaces, identity = source } = order;
  const recipe = order.recipe.id;
  const { store, places, clock, rules } = ports;
  const now = clock.now();
  const id = jobIdOf({ store, recipe, source: identity, version: rules.jobPer === 'upload' ? (version ?? '') : '' });
  const { settings } = withModel(order, id, await ports.menu());
  const [priority = 0] = await priorities([{ outputPrefix }], ports);
  return {
    id,
    recipe,
    source,
    outputPrefix,
    failureKey,
    ...(films && { films }),
    ...(replaces && { replaces }),
    ...(places && { places: { ...places } }),
    ...(version !== undefined && { version }),
    settings: { ...settings },
    // on one machine nothing is rented, and impossible settings fail the job and not the drop
    ...(rules.checksAhead && { needs: sizedNeeds({ ...order, settings }) }),
    ...(priority > 0 && { priority }),
    createdMs: now,
    updatedMs: now,
    state: { status: 'queued' },
    published: [],
  };
}

/** Returns what an order needs of a machine and its disk. */
export function sizedNeeds({ recipe, settings: asked }: Order): Needs {
  const settings = resolveSettings(recipe, asked);
  const results = resultBits(recipe, settings);
  return { ...needsOf(recipe, settings, asked), ...(results && { results }) };
}
