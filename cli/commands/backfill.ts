import { backfill, filesLookedAt } from '../../app/intake/backfill.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { isBucketName } from '../../core/job/backfilled.ts';
import { INPUT_PREFIX } from '../../core/job/drop.ts';
import { billByPastJobs, type PastBill } from '../../core/plan/bill-by-past-jobs.ts';
import { ordersOf } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { openStageBackfill } from '../../runtime/aws/stage-backfill.ts';
import { type StageStack, stageStack } from '../../runtime/aws/stage-stack.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import type { StageOptions } from '../stage/stage-options.ts';
import { backfillTeller } from '../telling/backfill-teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

type BackfillCommandOptions = StageOptions & {
  readonly to: string;
  readonly stage: string;
  readonly prefix?: string;
  readonly from?: string;
  readonly set?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

type SourcesAt = { readonly bucket?: string; readonly prefix: string };

/** So many of the newest jobs are looked at to learn what jobs of a recipe cost. */
const PAST_JOBS = 500;

/** Has jobs made of what lies in a bucket. Files of which none can be made are told and left out, and do not fail the others. */
export async function backfillStage(options: BackfillCommandOptions): Promise<number> {
  const { to, stage: name, set = [], dryRun: isDryRun = false } = options;
  const settings = settingsArgument(set);
  const from = placeAsked(options);
  const signal = interruptSignal();
  const stack = await stageStack(name, options);
  const place = placeIn(from, stack, name);
  const stage = openStageBackfill(stack);
  const teller = backfillTeller({ ...options, isDryRun });
  try {
    const orders = ordersOf({ recipe: to, path: 'film.mov' }, await stage.menu(), settings);
    for (const order of orders) resolveSettings(order.recipe, order.settings);
    const recipes = orders.map(({ recipe }) => recipe.id);
    const asked = { to, settings, isDryRun, signal, onFile: teller.onFile };
    const tally = await backfill(stage.listed(place), stage, asked);
    if (filesLookedAt(tally) === 0) throw new ServiceError('no-input', `nothing lies below ${addressOf(place, stack)}`);
    const bill: PastBill = isDryRun
      ? billByPastJobs(tally.new.bytes, recipes, await stage.jobs.list(PAST_JOBS))
      : undefined;
    teller.done(tally, bill);
    return 0;
  } finally {
    teller.clear();
    stage.close();
  }
}

function placeAsked({ prefix, from }: BackfillCommandOptions): SourcesAt {
  if (from === undefined) {
    if (prefix !== undefined && !prefix.startsWith(INPUT_PREFIX))
      throw usage(
        `--prefix "${printable(prefix)}" does not begin with input/, and nothing else of the stage's bucket is a source; files of another bucket are named by --from s3://bucket/prefix`,
      );
    return { prefix: prefix ?? INPUT_PREFIX };
  }
  if (prefix !== undefined) throw usage('give either --prefix, or --from with the prefix in it, and not both');
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(from) ?? [];
  if (!isBucketName(bucket))
    throw usage(`--from ${printable(from)} is no place in a bucket, as s3://my-archive/films/`);
  return { bucket, prefix: key };
}

/** Throws `usage` for a bucket of which the tasks of the stage could read nothing. */
function placeIn({ bucket, prefix }: SourcesAt, { mediaBucket, sourceBuckets }: StageStack, stage: string): SourcesAt {
  if (bucket === undefined) return { prefix };
  if (bucket === mediaBucket) return placeAsked({ to: '', stage, prefix });
  if (sourceBuckets.includes(bucket)) return { bucket, prefix };
  const there = sourceBuckets.length === 0 ? 'reads no other bucket' : `reads ${sourceBuckets.join(', ')} alone`;
  throw usage(
    `the stage ${stage} ${there}; put ${bucket} into sourceBuckets of stages/${stage}.yml, and deploy (docs/aws.md)`,
  );
}

const addressOf = ({ bucket, prefix }: SourcesAt, { mediaBucket }: StageStack) =>
  `s3://${bucket ?? mediaBucket}/${printable(prefix)}`;
