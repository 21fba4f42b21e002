import { refusedOnProcessor } from '../core/dispatch/on-processor.ts';
import { asServiceError, FAILURES, type ServiceError, usage } from '../core/errors.ts';
import { besideFilm, besideSubtitle, filmsOf, subtitlesOf } from '../core/job/companions.ts';
import { type Drop, dropFromKey, inputKey } from '../core/job/drop.ts';
import type { IntakeRules } from '../core/job/intake-rules.ts';
import type { Job } from '../core/job/job.ts';
import { computeOf } from '../core/job/needs.ts';
import type { Arrival, Inbox } from '../core/ports/inbox.ts';
import { recipeNamed } from '../core/recipes/index.ts';
import { ordersOf } from '../core/recipes/menu.ts';
import { needsOf } from '../core/recipes/needs-of.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { contentHash } from '../core/small-file.ts';
import { recipeTakesSubtitles } from '../core/subtitles/beside.ts';
import { filesBeside } from './files-beside.ts';
import { type NewJobPorts, newJob, type PlacedOrder } from './new-job.ts';

export type AskedPorts = NewJobPorts & {
  readonly inbox: Pick<Inbox, 'inspect' | 'list' | 'measure'>;
  readonly rules: IntakeRules;
};

/** ignored: no drop. gone: nothing is there any more. refused: no job can be made of it, and why. */
type AskedFor =
  | { readonly kind: 'ignored' | 'gone' }
  | { readonly kind: 'refused'; readonly version: string; readonly failure: ServiceError }
  /** Beside: of the films that it lies beside, which take it along. */
  | { readonly kind: 'jobs' | 'beside'; readonly jobs: readonly Job[] };

/**
 * The jobs that what lies under a key now asks for, one for each recipe: of the key comes the recipe or mix, of the
 * settings beside it or in its metadata what is to be different. Makes none of them. Throws what may pass by itself.
 */
export async function jobsOfDrop(key: string, ports: AskedPorts): Promise<AskedFor> {
  const reading = dropFromKey(key);
  if (reading.kind === 'ignored') return { kind: 'ignored' };
  if (reading.kind === 'companion') return jobsBeside(key, ports);
  let version = '';
  try {
    const arrival = await ports.inbox.inspect(key);
    if (!arrival) return { kind: 'gone' };
    version = arrival.version;
    if (reading.kind === 'refused') throw usage(reading.reason);
    const jobs = [];
    const orders = await ordered(reading, arrival, ports);
    const withBeside = orders.some(takesBeside) ? await versionBeside(key, arrival, ports.inbox) : version;
    for (const order of orders) jobs.push(await newJob(key, order, takesBeside(order) ? withBeside : version, ports));
    return { kind: 'jobs', jobs };
  } catch (error) {
    const failure = asServiceError(error);
    if (FAILURES[failure.code].cause !== 'input') throw error;
    return { kind: 'refused', version, failure };
  }
}

const takesBeside = ({ recipe }: PlacedOrder) => recipeTakesSubtitles(recipe);

/** A film whose subtitles came, changed or went is to be taken up again: its version is theirs, too. */
async function versionBeside(key: string, { version }: Arrival, inbox: Pick<Inbox, 'list'>): Promise<string> {
  const there = await filesBeside(besideFilm(key), inbox);
  const subtitles = subtitlesOf(
    key,
    there.map((file) => file.key),
  ).map(({ path }) => there.find((file) => file.key === path));
  return subtitles.length === 0 ? version : `${version}+${contentHash(JSON.stringify(subtitles)).slice(0, 16)}`;
}

/** Returns the jobs of the films that a subtitle is named after, if their recipes take subtitles along. */
async function jobsBeside(key: string, ports: AskedPorts): Promise<AskedFor> {
  const keys = (await filesBeside(besideSubtitle(key), ports.inbox)).map((file) => file.key);
  const { recipes } = await ports.menu();
  const jobs: Job[] = [];
  for (const film of filmsOf(
    key,
    keys.filter((each) => dropFromKey(each).kind === 'drop'),
  )) {
    const asked = await jobsOfDrop(film, ports);
    if (asked.kind === 'jobs')
      jobs.push(...asked.jobs.filter((job) => recipeTakesSubtitles(recipeNamed(job.recipe, recipes))));
  }
  return jobs.length === 0 ? { kind: 'ignored' } : { kind: 'beside', jobs };
}

async function ordered(drop: Drop, arrival: Arrival, ports: AskedPorts): Promise<readonly PlacedOrder[]> {
  const { menu, rules } = ports;
  if (!rules.checksAhead) return ordersOf(drop, await menu(), arrival.settings);
  if (arrival.bytes === 0) throw usage('it is empty');
  const key = inputKey(drop);
  if (arrival.isUnderKey) await ports.inbox.measure(key); // throws where we may not read it
  const { hasGpu } = rules.checksAhead;
  const orders = ordersOf(drop, await menu(), arrival.settings).map((order) => (hasGpu ? order : onProcessor(order)));
  for (const order of orders) await refuseWithoutMachine(order, { key, hasGpu }, ports);
  return orders;
}

/** Throws `usage` at settings that cannot be, and at what no machine of this stack can do in time. */
async function refuseWithoutMachine(
  { recipe, settings: asked }: PlacedOrder,
  { key, hasGpu }: { readonly key: string; readonly hasGpu: boolean },
  { inbox }: Pick<AskedPorts, 'inbox'>,
): Promise<void> {
  const settings = resolveSettings(recipe, asked);
  const renditions = candidates(recipe, settings);
  const compute = computeOf(needsOf(recipe, settings, asked));
  if (compute === 'gpu' && !hasGpu)
    throw usage('encoder=nvenc needs a graphics card, and this stack has none; drop it without this setting');
  const outline = compute === 'upscale-on-cpu' ? await inbox.measure(key) : undefined;
  const reason = outline && refusedOnProcessor(renditions, outline);
  if (reason !== undefined) throw usage(reason);
}

/** Where there is no graphics card, a network is sent to a processor: the job says so in its settings. */
function onProcessor(order: PlacedOrder): PlacedOrder {
  const needsNetwork = order.recipe.compute === 'gpu' && order.settings.encoder !== 'nvenc';
  return needsNetwork ? { ...order, settings: { ...order.settings, device: 'cpu' } } : order;
}
