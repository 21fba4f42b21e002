import { type FailureRecord, failureRecordFrom } from '../core/job/failure-record.ts';
import type { SmallObjects } from '../core/ports/object-store.ts';

/** Writes the reason of a failed drop for people and programs. Nothing else writes below `failed/`. */
export const writeFailureRecord = (key: string, record: FailureRecord, outputs: SmallObjects): Promise<void> =>
  outputs.write(key, `${JSON.stringify(record, undefined, 2)}\n`, 'application/json');

/** Returns the failure record under a key; undefined if there is none, or another kind of file. */
export async function readFailureRecord(
  key: string,
  outputs: Pick<SmallObjects, 'read'>,
): Promise<FailureRecord | undefined> {
  const bytes = await outputs.read(key);
  return bytes && failureRecordFrom(bytes);
}
