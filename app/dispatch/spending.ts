import type { Route } from '../../core/dispatch/route.ts';
import type { SourceOutline } from '../../core/film/source-outline.ts';
import { formatUsd } from '../../core/format.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import { monthBefore, monthOf } from '../../core/month.ts';
import { sendingUsd } from '../../core/plan/sending-estimate.ts';
import { allowedIn, type SpendingLedger, type SpendingStop } from '../../core/plan/spending-stop.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { doOnce, type TellPorts, tellOnce } from '../do-once.ts';

type SpendingPorts = TellPorts & { readonly spending: SpendingStop | undefined };

/** Whether jobs have to wait since the month's sum is spent. Tells people so when the first one waits. */
export async function isSpent(ports: SpendingPorts): Promise<boolean> {
  const { spending, clock } = ports;
  if (!spending) return false;
  const month = monthOf(clock.now());
  const spent = await spending.ledger.of(month);
  const allowed = allowedIn(spent, spending.limitUsd);
  if (spent.isStopped) return true; // whoever stopped it has told of it
  if (spent.usd < allowed) return false;
  const why = `the jobs of ${month} come to ${formatUsd(spent.usd)} by the stage's own estimate, and ${formatUsd(allowed)} is what it may spend in a month`;
  await tellStopped({ month, stage: spending.stage, why, mark: `${allowed}` }, ports);
  return true;
}

/** Adds what sending a job is estimated to cost, once for each sending. */
export async function noteSpending(
  job: Job,
  { facts, route, films }: { readonly facts: SourceOutline; readonly route: Route; readonly films: number },
  ports: SpendingPorts,
): Promise<void> {
  const { spending, clock } = ports;
  if (!spending) return;
  const usd = sendingUsd(needsOfJob(job), facts, { ...route, films }, spending.prices);
  const nowMs = clock.now();
  await doOnce(`spending ${dispatchName(job)}`, ports, () => spending.ledger.add(monthOf(nowMs), usd, nowMs));
}

/** Starts and stops the machines of a stage. */
type StageMachines = { setRunning(isRunning: boolean): Promise<void> };

/** Stops a stage, since AWS's budget says that the sum is spent: no machine starts any more, and no job is sent. */
export async function stopByBudget(
  ports: TellPorts & { readonly spending: SpendingStop; readonly machines: StageMachines },
): Promise<void> {
  const { spending, machines, clock } = ports;
  const nowMs = clock.now();
  const month = monthOf(nowMs);
  // The bill is known to be so high: what is allowed when it is opened comes on top of that, and not of an estimate that knows of less.
  const { usd } = await spending.ledger.of(month);
  if (usd < spending.limitUsd) await spending.ledger.add(month, spending.limitUsd - usd, nowMs);
  await spending.ledger.stop(month, nowMs);
  await machines.setRunning(false);
  const why = `AWS's budget says that the ${formatUsd(spending.limitUsd)} of ${month} are spent`;
  await tellStopped({ month, stage: spending.stage, why, mark: 'budget' }, ports);
}

/** Starts the machines again if the stop of the last month is why they do not run. */
export async function startInNewMonth({
  spending,
  machines,
  clock,
}: Pick<SpendingPorts, 'clock'> & {
  readonly spending: SpendingStop;
  readonly machines: StageMachines;
}): Promise<void> {
  const nowMs = clock.now();
  const [last, now] = [monthBefore(nowMs).name, monthOf(nowMs)];
  const wasStopped = (await spending.ledger.of(last)).isStopped && !(await spending.ledger.of(now)).isStopped;
  if (!wasStopped) return;
  await machines.setRunning(true);
  await spending.ledger.started(now, nowMs);
}

type OpenPorts = {
  readonly ledger: SpendingLedger;
  readonly machines: StageMachines;
  readonly clock: Clock;
};

/** Opens a stage again, which may then spend so much more in this month than it has, or than its limit. Returns what it may. */
export async function openAgain(
  { limitUsd, moreUsd }: { readonly limitUsd: number; readonly moreUsd: number },
  { ledger, machines, clock }: OpenPorts,
): Promise<number> {
  const nowMs = clock.now();
  const month = monthOf(nowMs);
  const spent = await ledger.of(month);
  const allowed = Math.max(spent.usd, limitUsd) + moreUsd;
  await ledger.open(month, allowed, nowMs);
  await machines.setRunning(true);
  return allowed;
}

function tellStopped(
  {
    month,
    stage,
    why,
    mark,
  }: { readonly month: string; readonly stage: string; readonly why: string; readonly mark: string },
  ports: TellPorts,
): Promise<void> {
  const how = `reelmill spending --stage ${stage} --open USD lets it spend so much more in this month`;
  const summary = `Spending has stopped: ${why}. What runs goes on to its end, drops wait and are not lost; ${how}, and the next month begins anew.`;
  const details = { kind: 'spending', month };
  return tellOnce(
    `spending ${month} ${mark}`,
    { kind: 'report', job: '', recipe: '', source: 'spending', summary, details },
    ports,
  );
}
