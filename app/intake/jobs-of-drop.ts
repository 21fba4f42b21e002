import { refusedOnProcessor } from '../../core/dispatch/on-processor.ts';
import { asServiceError, ServiceError, usage } from '../../core/errors.ts';
import type { SourceOutline } from '../../core/film/source-outline.ts';
import { backfilledDrop, isOwnDrop, sourceFor } from '../../core/job/backfilled.ts';
import { besideFilm, besideSubtitle, filmsOf, subtitlesOf } from '../../core/job/companions.ts';
import { type Drop, dropFromKey, inputKey, isSettingsFile, isUnfinished, NO_BYTES } from '../../core/job/drop.ts';
import type { IntakeRules } from '../../core/job/intake-rules.ts';
import type { Job } from '../../core/job/job.ts';
import { computeOf } from '../../core/job/needs.ts';
import type { Arrival, Inbox } from '../../core/ports/inbox.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { ordersOf } from '../../core/recipes/menu.ts';
import { needsOf } from '../../core/recipes/needs-of.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { type RawSettings, resolveSettings } from '../../core/settings/settings.ts';
import { contentHash } from '../../core/small-file.ts';
import { recipeReadsSubtitles } from '../../core/subtitles/beside.ts';
import { filesBeside } from '../files-beside.ts';
import { inputFailure } from '../input-failure.ts';
import { type NewJobPorts, newJob, type PlacedOrder, sizedNeeds } from './new-job.ts';

export type AskedPorts = NewJobPorts & {
  readonly inbox: Pick<Inbox, 'inspect' | 'list' | 'measure'>;
  readonly rules: IntakeRules;
};

/** ignored: the key is not a drop. gone: there is no file any more. refused: no job is possible, with the reason. */
type AskedFor =
  | { readonly kind: 'ignored' | 'gone' }
  | { readonly kind: 'refused'; readonly version: string; readonly failure: ServiceError }
  /** The jobs of the drop; for `beside`, the jobs of the films that the dropped subtitle belongs to. */
  | { readonly kind: 'jobs' | 'beside'; readonly jobs: readonly Job[] };

/**
 * Returns the jobs that the file under a key requests now, one for each recipe. The key names the recipe or mix; the
 * settings file beside it or its metadata names other settings. `to` is the recipe or mix of a backfill, whose file may lie
 * anywhere; the settings that came with it were meant for another recipe. `settings` are a backfill's own, which go before others. It creates no job. Throws failures that may pass.
 */
export async function jobsOfDrop(
  key: string,
  ports: AskedPorts,
  to?: string,
  settings: RawSettings = {},
): Promise<AskedFor> {
  const isElsewhere = to !== undefined && !isOwnDrop({ source: key, to });
  const reading = isElsewhere ? backfilledDrop({ source: key, to }) : dropFromKey(key);
  if (reading.kind === 'ignored' && ports.rules.jobPer === 'upload' && isSettingsFile(key))
    return { kind: 'refused', version: '', failure: usage(SETTINGS_OF_A_BUCKET) };
  if (reading.kind === 'ignored' && ports.rules.jobPer === 'upload' && isUnfinished(key))
    return { kind: 'refused', version: '', failure: usage(UNFINISHED_IN_A_BUCKET) };
  if (reading.kind === 'ignored') return { kind: 'ignored' };
  if (reading.kind === 'companion') return isElsewhere ? { kind: 'ignored' } : jobsBeside(key, ports);
  let version = '';
  try {
    const there = await ports.inbox.inspect(key);
    if (!there) return { kind: 'gone' };
    version = there.version;
    if (reading.kind === 'refused') throw usage(reading.reason);
    const arrival = { ...there, key, settings: { ...(isElsewhere ? {} : there.settings), ...settings } };
    const twin = isElsewhere ? inputKey(reading) : sourceFor(reading.path);
    if (ports.rules.jobPer === 'upload' && twin !== undefined) await refuseTwin(twin, ports);
    const jobs = [];
    const orders = await ordered(reading, arrival, ports);
    const withBeside = orders.some(takesBeside) ? await versionBeside(key, arrival, ports.inbox) : version;
    for (const order of orders) jobs.push(await newJob(key, order, takesBeside(order) ? withBeside : version, ports));
    return { kind: 'jobs', jobs };
  } catch (error) {
    const failure = inputFailure(error);
    if (!failure) throw error;
    return { kind: 'refused', version, failure };
  }
}

const SETTINGS_OF_A_BUCKET =
  'a file with settings is read beside films in a folder; in a bucket they are metadata of the film (x-amz-meta-reelmill-crf: 22), which reelmill upload --set writes';

/** In a folder such a file gets its own name when it is whole; in a bucket no file is there before it is whole. */
export const UNFINISHED_IN_A_BUCKET =
  'its name ends like that of a file that is still being written (.part, .partial, .filepart, .crdownload, .tmp or ~), and no film is made of those; upload it under the name of the film';

const takesBeside = ({ recipe }: PlacedOrder) => recipeReadsSubtitles(recipe);

/** Returns the version of a film with its subtitles: when one appears, changes or disappears, the film is made again. */
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
      jobs.push(...asked.jobs.filter((job) => recipeReadsSubtitles(recipeNamed(job.recipe, recipes))));
  }
  return jobs.length === 0 ? { kind: 'ignored' } : { kind: 'beside', jobs };
}

/** Throws `usage` if another source is there whose results would lie at the same place. */
async function refuseTwin(twin: string, { inbox }: AskedPorts): Promise<void> {
  const isThere = await inbox.inspect(twin).then(
    (arrival) => arrival !== undefined,
    (error: unknown) => {
      if (asServiceError(error).code === 'no-input') return false; // a bucket that this stage does not read
      throw error;
    },
  );
  if (isThere) throw usage(`its results would lie where those of ${twin} lie; give one of the two another name`);
}

type Arrived = Arrival & { readonly key: string };

async function ordered(drop: Drop, arrival: Arrived, ports: AskedPorts): Promise<readonly PlacedOrder[]> {
  const { menu, rules } = ports;
  if (!rules.checksAhead) return ordersOf(drop, await menu(), arrival.settings);
  if (arrival.bytes === 0) throw usage(NO_BYTES);
  const outline = await ports.inbox.measure(arrival.key); // throws if the file cannot be read, as under a key that is not ours
  const { hasGpu, refusesSize } = rules.checksAhead;
  const orders = ordersOf(drop, await menu(), arrival.settings).map((order) => (hasGpu ? order : onProcessor(order)));
  for (const order of orders) {
    refuseWithoutMachine(order, { outline, hasGpu });
    const reason = outline && refusesSize(sizedNeeds(order), outline);
    if (reason !== undefined) throw new ServiceError('over-limit', reason);
  }
  return orders;
}

/** Throws `usage` for settings that are not possible, and for work that no machine of this stack can do in time. */
function refuseWithoutMachine(
  { recipe, settings: asked }: PlacedOrder,
  { outline, hasGpu }: { readonly outline: SourceOutline | undefined; readonly hasGpu: boolean },
): void {
  const settings = resolveSettings(recipe, asked);
  const renditions = candidates(recipe, settings);
  const compute = computeOf(needsOf(recipe, settings, asked));
  if (compute === 'gpu' && !hasGpu)
    throw usage('encoder=nvenc needs a graphics card, and this stack has none; drop it without this setting');
  const reason = compute === 'upscale-on-cpu' && outline ? refusedOnProcessor(renditions, outline) : undefined;
  if (reason !== undefined) throw usage(reason);
}

/** Sends a network to a processor where there is no graphics card; the job's settings then say so. */
function onProcessor(order: PlacedOrder): PlacedOrder {
  const needsNetwork = order.recipe.compute === 'gpu' && order.settings.encoder !== 'nvenc';
  return needsNetwork ? { ...order, settings: { ...order.settings, device: 'cpu' } } : order;
}
