import { type FailureRecord, failureRecordFrom } from '../core/job/failure-record.ts';
import type { SmallObjects } from '../core/ports/object-store.ts';

/** Writes why a drop became nothing, for people and programs. The only place that writes below `failed/`. */
export const writeFailureRecord = (key: string, record: FailureRecord, outputs: SmallObjects): Promise<void> =>
  outputs.write(key, `${JSON.stringify(record, undefined, 2)}\n`, 'application/json');

/** Undefined where nothing failed, or where what lies there is no record. */
export async function readFailureRecord(
  key: string,
  outputs: Pick<SmallObjects, 'read'>,
): Promise<FailureRecord | undefined> {
  const bytes = await outputs.read(key);
  return bytes && failureRecordFrom(bytes);
}
