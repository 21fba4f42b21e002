import type { ServiceError } from '../core/errors.ts';
import { failureRecord } from '../core/job/failure-record.ts';
import type { Ports } from '../core/ports/ports.ts';
import { readFailureRecord, writeFailureRecord } from './failure-records.ts';

export type RefusedDrop = {
  readonly source: string;
  /** What its prefix asked for. */
  readonly recipe: string;
  /** Undefined where its name leaves no place for a record. */
  readonly failureKey: string | undefined;
  readonly failure: ServiceError;
};

/**
 * For a drop that no job can be made of: writes down why, and tells people, once as long as the reason is the same. Where
 * nothing can be written down, people are told each time.
 */
export async function refuseDrop(
  { source, recipe, failureKey, failure }: RefusedDrop,
  { outputs, notifier, clock }: Pick<Ports, 'outputs' | 'notifier' | 'clock'>,
): Promise<void> {
  const { code, message: reason, details } = failure;
  if (failureKey !== undefined) {
    const before = await readFailureRecord(failureKey, outputs);
    if (before?.reason === reason) return;
    const record = failureRecord({ recipe, source, details }, { code, reason }, clock.now());
    await writeFailureRecord(failureKey, record, outputs);
  }
  const summary = `${source} was not taken: ${reason}`;
  await notifier.notify({ kind: 'refused', job: '', recipe, source, summary, details: { code } });
}
