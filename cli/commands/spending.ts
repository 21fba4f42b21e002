import process from 'node:process';
import { isUnsent } from '../../app/dispatch/send-job.ts';
import { openAgain } from '../../app/dispatch/spending.ts';
import { usage } from '../../core/errors.ts';
import { formatUsd } from '../../core/format.ts';
import { askedAgain } from '../../core/job/backfilled.ts';
import { monthOf } from '../../core/month.ts';
import { allowedIn } from '../../core/plan/spending-stop.ts';
import { openStageSpending } from '../../runtime/aws/stage-spending.ts';
import { stageStack } from '../../runtime/aws/stage-stack.ts';
import type { StageOptions } from '../stage/stage-options.ts';
import { numberFigure } from '../terminal/figures.ts';
import { say } from '../terminal/say.ts';

type SpendingOptions = StageOptions & { readonly stage: string; readonly open?: string; readonly json?: boolean };

const MOST_USD = 1_000_000;
/** So many of the oldest jobs that wait are delivered at once; `sweep` sends the others, a thousand an hour. */
const MOST_WAITING = 5_000;
const DROPS_AT_ONCE = 10;

/** Tells what a stage has spent in this month by its own estimate; with `--open` lets it go on. */
export async function stageSpending({ stage: name, open, json, ...options }: SpendingOptions): Promise<number> {
  const moreUsd = open === undefined ? 0 : numberFigure('--open', open, { least: 0.01, most: MOST_USD });
  const stack = await stageStack(name, options);
  if (!stack.spending)
    throw usage(`the stage ${name} has no stop: set spendingStopUsd in stages/${name}.yml, and deploy`);
  const { limitUsd, environments } = stack.spending;
  const stage = openStageSpending(stack, environments);
  try {
    const month = monthOf(stage.clock.now());
    if (open !== undefined) await openAgain({ limitUsd, moreUsd }, stage);
    const delivered = open === undefined ? 0 : await deliverWaiting(stage);
    const spent = await stage.ledger.of(month);
    const allowedUsd = allowedIn(spent, limitUsd);
    const isStopped = spent.isStopped || spent.usd >= allowedUsd;
    const told = { month, usd: spent.usd, allowedUsd, isStopped, ...(open !== undefined && { delivered }) };
    if (json) process.stdout.write(`${JSON.stringify({ type: 'spending', ...told })}\n`);
    else {
      const sum = `${month}: ${formatUsd(spent.usd)} of ${formatUsd(allowedUsd)}, by the stage's own estimate`;
      say(isStopped ? `${sum}; it has stopped, and --open USD lets it spend so much more` : `${sum}; it is open`);
      if (delivered > 0)
        say(delivered === 1 ? 'the job that waited is on its way' : `${delivered} jobs that waited are on their way`);
    }
    return 0;
  } finally {
    stage.close();
  }
}

/** Delivers the jobs that wait, as if they were dropped now. */
async function deliverWaiting(stage: ReturnType<typeof openStageSpending>): Promise<number> {
  const open = await stage.jobs.listOpen(stage.clock.now(), MOST_WAITING);
  const waiting = open.filter((job) => job.state.status === 'queued' && isUnsent(job));
  for (let at = 0; at < waiting.length; at += DROPS_AT_ONCE) {
    const drops = waiting.slice(at, at + DROPS_AT_ONCE).map(askedAgain);
    await stage.deliver(drops);
  }
  return waiting.length;
}
