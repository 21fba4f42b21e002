import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { missingParts, type PartThere, partRange } from '../../core/upload/plan-parts.ts';
import { expiryOf, planOf, type UploadRecord } from '../../core/upload/upload-record.ts';
import {
  forgetUpload,
  inStore,
  rememberedUploads,
  saveUpload,
  shownUpload,
  type UploadPorts,
  uploadOf,
} from './upload-records.ts';

/** Returns the caller's uploads that can still go on. */
export async function listUploads({ id }: Caller, ports: UploadPorts): Promise<AnswerOf<'uploads'>> {
  const uploads = [];
  for await (const record of rememberedUploads(id, ports))
    if (!record.isComplete && expiryOf(record) >= ports.clock.now()) uploads.push(shownUpload(record));
  return { uploads };
}

/** Returns an upload with the parts that have arrived, from which a page goes on. */
export async function showUpload(upload: string, caller: Caller, ports: UploadPorts): Promise<AnswerOf<'upload'>> {
  const record = await uploadOf(upload, caller, ports);
  return { ...shownUpload(record), there: [...(await arrived(record, ports))] };
}

/** How long a page may wait before it sends a part. */
export const PART_URL_SECONDS = 900;

/** Returns an address for each part, which takes a part of this length and checksum only. */
export async function signParts(
  upload: string,
  { parts }: BodyRead<'signParts'>,
  caller: Caller,
  ports: UploadPorts,
): Promise<AnswerOf<'signParts'>> {
  const record = await uploadOf(upload, caller, ports);
  if (record.isComplete) throw usage(`upload ${upload} is complete; it takes no more parts`);
  const now = ports.clock.now();
  const plan = planOf(record);
  const sized = parts.map(({ number, checksum }) => {
    const { start, end } = partRange(plan, number);
    return { number, checksum, bytes: end - start };
  });
  const expiresMs = now + PART_URL_SECONDS * 1000;
  const urls = await Promise.all(sized.map((part) => ports.parts.sign(inStore(record), part, expiresMs)));
  if (now - record.touchedMs > TOUCH_MS) await saveUpload({ ...record, touchedMs: now }, ports);
  return { urls: urls.map((url) => ({ ...url, headers: { ...url.headers } })) };
}

/** An upload lives for days, so it need not be written down more often that it goes on. */
const TOUCH_MS = 3_600_000;

/**
 * Makes the file appear as a drop once every part has arrived with the checksum that the page states. A second call, as
 * from another tab, gets the same answer.
 */
export async function completeUpload(
  upload: string,
  { parts }: BodyRead<'completeUpload'>,
  caller: Caller,
  ports: UploadPorts,
): Promise<AnswerOf<'completeUpload'>> {
  const record = await uploadOf(upload, caller, ports);
  const { key, recipe, path, bytes } = record;
  if (record.isComplete) return { key, recipe, path };
  const there = await ports.parts.parts(inStore(record));
  if (there !== undefined) refuseIncomplete(record, parts, there);
  if (there === undefined || !(await isCompleted(record, there, ports))) {
    const made = await ports.sources.head(key); // another tab may be completing it
    if (made?.bytes !== bytes)
      throw new ServiceError('no-input', `the parts of upload ${upload} are gone; begin it again`);
  }
  await saveUpload({ ...record, isComplete: true, touchedMs: ports.clock.now() }, ports);
  return { key, recipe, path };
}

/**
 * Completes an upload; false if its parts went meanwhile, as they do when another tab completes it. The object is then there already, which
 * the store may tell first.
 */
async function isCompleted(record: UploadRecord, there: readonly PartThere[], ports: UploadPorts): Promise<boolean> {
  try {
    await ports.parts.complete(inStore(record), there);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === 'no-input') return false;
    if (error.code === 'bad-input' && (await ports.parts.parts(inStore(record))) === undefined) return false;
    throw error;
  }
}

/** Ends an upload and removes its parts. A complete one stays as it was uploaded, and is forgotten. */
export async function abortUpload(upload: string, caller: Caller, ports: UploadPorts): Promise<void> {
  const record = await uploadOf(upload, caller, ports);
  if (!record.isComplete) await ports.parts.abort(inStore(record));
  await forgetUpload(record, ports);
}

/** Forgets uploads that nobody has gone on with for days, with their parts. Returns how many there were. */
export async function sweepUploads(ports: Pick<UploadPorts, 'uploads' | 'parts' | 'clock'>): Promise<number> {
  let swept = 0;
  for await (const record of rememberedUploads(undefined, ports)) {
    if (expiryOf(record) >= ports.clock.now()) continue;
    if (!record.isComplete) await ports.parts.abort(inStore(record));
    await forgetUpload(record, ports);
    swept++;
  }
  return swept;
}

async function arrived(record: UploadRecord, ports: UploadPorts): Promise<readonly PartThere[]> {
  if (record.isComplete) return [];
  return (await ports.parts.parts(inStore(record))) ?? [];
}

function refuseIncomplete(
  record: UploadRecord,
  stated: BodyRead<'completeUpload'>['parts'],
  there: readonly PartThere[],
): void {
  const missing = missingParts(planOf(record), there);
  if (missing.length > 0)
    throw usage(
      `${missing.length} of ${record.parts} parts have not arrived, the first is ${missing[0]}; send them first`,
    );
  const checksums = new Map(stated.map(({ number, checksum }) => [number, checksum]));
  const other = there.find(({ number, checksum }) => checksums.get(number) !== checksum);
  if (other)
    throw new ServiceError(
      'bad-input',
      `part ${other.number} is not what arrived: its checksum is ${checksums.get(other.number) ?? 'not stated'}, and ${other.checksum} arrived; send it again`,
    );
}
