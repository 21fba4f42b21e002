import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf } from '../../core/api/routes.ts';
import { ServiceError } from '../../core/errors.ts';
import type { OpenUpload } from '../../core/ports/part-store.ts';
import { expiryOf, planOf, type UploadRecord, uploadRecord } from '../../core/upload/upload-record.ts';
import type { ApiPorts } from './api-ports.ts';
import { readDocument, writeDocument } from './documents.ts';

/** What uploads need, whether a page or the command asks for them. */
export type UploadPorts = Pick<ApiPorts, 'uploads' | 'clock' | 'parts' | 'sources' | 'menu'>;

type RecordPorts = Pick<UploadPorts, 'uploads' | 'clock'>;

const recordKey = ({ owner, upload }: Pick<UploadRecord, 'owner' | 'upload'>) => `uploads/${owner}/${upload}.json`;

/** Remembers an upload, in place of what was remembered of it. */
export const saveUpload = (record: UploadRecord, { uploads }: RecordPorts): Promise<void> =>
  writeDocument(recordKey(record), record, uploads);

/** Remembers an upload, unless somebody has begun it at the same moment: false then. */
export const saveNewUpload = (record: UploadRecord, { uploads }: RecordPorts): Promise<boolean> =>
  uploads.writeNew(recordKey(record), `${JSON.stringify(record)}\n`, 'application/json');

/** Forgets an upload; one that is not remembered is no error. */
export const forgetUpload = (record: UploadRecord, { uploads }: RecordPorts): Promise<void> =>
  uploads.remove(recordKey(record));

/** Returns the uploads that were not forgotten yet, of one person or of all. */
export async function* rememberedUploads(
  owner: string | undefined,
  { uploads }: RecordPorts,
): AsyncGenerator<UploadRecord> {
  for await (const { key } of uploads.list(owner === undefined ? 'uploads/' : `uploads/${owner}/`)) {
    const record = await readDocument(key, uploadRecord, uploads);
    if (record) yield record;
  }
}

/** Returns an upload of the caller. Throws `no-input`, also for one of somebody else, so that nobody learns of it. */
export async function uploadOf(upload: string, { id }: Caller, ports: RecordPorts): Promise<UploadRecord> {
  const record = await readDocument(recordKey({ owner: id, upload }), uploadRecord, ports.uploads);
  if (!record || expiryOf(record) < ports.clock.now())
    throw new ServiceError('no-input', `there is no upload ${upload}; begin it again`);
  return record;
}

/** What the store of parts has to know of an upload. */
export const inStore = (record: UploadRecord): OpenUpload => ({
  reference: record.reference,
  key: record.key,
  plan: planOf(record),
  modifiedMs: record.modifiedMs,
  settings: record.settings,
});

/** Returns what a page is told of an upload, with the time at which it is forgotten if nothing more arrives. */
export function shownUpload(record: UploadRecord): AnswerOf<'beginUpload'> {
  const { upload, key, recipe, path, bytes, partBytes, parts, modifiedMs } = record;
  const expiresMs = expiryOf(record);
  return {
    upload,
    key,
    recipe,
    path,
    bytes,
    partBytes,
    parts,
    ...(modifiedMs !== undefined && { modifiedMs }),
    expiresMs,
  };
}
