import { failureNamed, type ServiceError, usage } from '../../core/errors.ts';
import { dropFromKey, mirroredKeys } from '../../core/job/drop.ts';
import { failureRecord } from '../../core/job/failure-record.ts';
import { type Job, jobIdOf } from '../../core/job/job.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { type TellPorts, tellOnce } from '../do-once.ts';
import { readFailureRecord, writeFailureRecord } from '../failure-records.ts';

export type RefusePorts = TellPorts & {
  readonly store: string;
  /** The store of refusal records; undefined if people are told by notices alone. */
  readonly refusals: Pick<ObjectStore, 'read' | 'write' | 'remove'> | undefined;
};

type Refusal = {
  readonly key: string;
  /** The recipe or mix of a backfill; otherwise the key names it. */
  readonly to?: string;
  /** The version of the object with this key. */
  readonly version: string;
  readonly failure: ServiceError;
};

/** Records why no job can be made of a drop, and tells people once for each version and reason. */
export async function refuseDrop({ key, to, version, failure }: Refusal, ports: RefusePorts): Promise<void> {
  const { code, message: reason, details } = failure;
  const recipe = to ?? key.split('/')[1] ?? '';
  const failureKey = refusalKey(key);
  if (ports.refusals && failureKey !== undefined) {
    const before = await readFailureRecord(failureKey, ports.refusals);
    const record = failureRecord({ recipe, source: key, details }, { code, reason }, ports.clock.now());
    if (before?.reason !== reason) await writeFailureRecord(failureKey, record, ports.refusals);
  }
  const job = jobIdOf({ store: ports.store, recipe, source: key, version });
  const summary = `${key} was not taken: ${reason}`;
  const once = jobIdOf({ store: ports.store, recipe, source: key, version: JSON.stringify([version, reason]) });
  const told = { code, advice: failureNamed(code).advice };
  await tellOnce(`refused ${once}`, { kind: 'refused', job, recipe, source: key, summary, details: told }, ports);
}

/** Tells people once about a name that S3 gave in an unreadable form, since nothing can be requested by it. */
export async function refuseUndecodable(name: string, ports: RefusePorts): Promise<{ readonly outcome: 'refused' }> {
  const shown = JSON.stringify(name);
  const reason = `S3 gave its name as ${shown}, which is not percent-encoded UTF-8; drop it under a name in UTF-8`;
  await refuseDrop({ key: name, version: '', failure: usage(reason) }, ports);
  return { outcome: 'refused' };
}

/** Removes the record of an earlier refusal, unless one of the drop's jobs has its record at the same key. */
export async function forgiveDrop(key: string, jobs: readonly Job[], { refusals }: RefusePorts): Promise<void> {
  const record = refusalKey(key);
  if (refusals && record !== undefined && !jobs.some(({ failureKey }) => failureKey === record))
    await refusals.remove(record);
}

/** Returns the key of a refusal's record; undefined if the drop's name allows none. */
function refusalKey(key: string): string | undefined {
  const drop = dropFromKey(key);
  return drop.kind === 'drop' ? mirroredKeys(drop).failureKey : undefined;
}
