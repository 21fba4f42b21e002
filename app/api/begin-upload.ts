import type { Caller } from '../../core/api/caller.ts';
import type { AnswerOf, BodyRead } from '../../core/api/routes.ts';
import { ServiceError } from '../../core/errors.ts';
import { inputKey } from '../../core/job/drop.ts';
import { dropNameFault } from '../../core/job/drop-name-fault.ts';
import { isDocument } from '../../core/library/file-kind.ts';
import { ordersOf } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { planParts } from '../../core/upload/plan-parts.ts';
import { uploadId } from '../../core/upload/upload-id.ts';
import { expiryOf, type UploadRecord } from '../../core/upload/upload-record.ts';
import {
  forgetUpload,
  inStore,
  rememberedUploads,
  saveNewUpload,
  shownUpload,
  type UploadPorts,
  uploadOf,
} from './upload-records.ts';

/**
 * Begins an upload, or returns the unfinished one of the same file, so that two tabs, and a page that was loaded anew, go
 * on with one upload. Throws for what could not become a job: recipe, settings, name and size are checked before a byte is
 * sent.
 */
export async function beginUpload(
  asked: BodyRead<'beginUpload'>,
  caller: Caller,
  ports: UploadPorts,
): Promise<AnswerOf<'beginUpload'>> {
  const { recipe, path, bytes, modifiedMs, settings = {} } = asked;
  const drop = { recipe, path: caller.folder === undefined ? path : `${caller.folder}/${path}` };
  for (const order of ordersOf(drop, await ports.menu(), settings)) resolveSettings(order.recipe, order.settings);
  const fault = dropNameFault({ recipe, path }) ?? dropNameFault(drop);
  if (fault) throw new ServiceError('bad-input', `the name ${JSON.stringify(path)} ${fault}; give it another name`);
  if (isDocument(path))
    throw new ServiceError(
      'bad-input',
      `${JSON.stringify(path)} is no film by its name; choose a film, or its subtitles`,
    );
  const plan = planParts(bytes);
  const key = inputKey(drop);
  const wanted = { owner: caller.id, key, bytes, modifiedMs, settings };
  const { begun, ended } = await uploadsLike(wanted, ports);
  if (begun && !(await isGone(begun, ports))) return shownUpload(begun);
  if (begun) await forgetUpload(begun, ports);
  await refuseTaken(key, ports);
  const upload = uploadId(wanted, begun ? [...ended, begun.upload] : ended);
  const record = {
    upload,
    owner: caller.id,
    ...{ key, recipe, path, settings, ...plan },
    ...(modifiedMs !== undefined && { modifiedMs }),
    reference: await ports.parts.begin({ id: ports.clock.newId(), key, plan, modifiedMs, settings }),
    touchedMs: ports.clock.now(),
    isComplete: false,
  };
  if (await saveNewUpload(record, ports)) return shownUpload(record);
  await ports.parts.abort(inStore(record));
  return shownUpload(await uploadOf(upload, caller, ports)); // another page was first
}

/**
 * Whether the parts of an upload are gone from the store: they expire after a month, and somebody may have given it up. A completed upload
 * is not gone.
 */
async function isGone(record: UploadRecord, { parts, sources }: UploadPorts): Promise<boolean> {
  if ((await parts.parts(inStore(record))) !== undefined) return false;
  return (await sources.head(record.key))?.bytes !== record.bytes;
}

type Wanted = Pick<UploadRecord, 'owner' | 'key' | 'bytes' | 'modifiedMs' | 'settings'>;

/** The unfinished upload of the same file, and the ids of those that have ended. */
async function uploadsLike(wanted: Wanted, ports: UploadPorts) {
  const ended: string[] = [];
  for await (const record of rememberedUploads(wanted.owner, ports)) {
    const isSame =
      record.key === wanted.key &&
      record.bytes === wanted.bytes &&
      record.modifiedMs === wanted.modifiedMs &&
      JSON.stringify(record.settings) === JSON.stringify(wanted.settings);
    if (!isSame) continue;
    if (!record.isComplete && expiryOf(record) >= ports.clock.now()) return { begun: record, ended };
    ended.push(record.upload);
  }
  return { begun: undefined, ended };
}

/** A source is never replaced by an upload, and no film lies in another one, as in a folder. */
async function refuseTaken(key: string, { sources }: UploadPorts): Promise<void> {
  const names = key.split('/');
  for (let length = 3; length < names.length; length += 1) {
    const parent = names.slice(0, length).join('/');
    if (await sources.head(parent))
      throw new ServiceError(
        'bad-input',
        `${JSON.stringify(parent)} is a film and no folder; give the file another name`,
      );
  }
  const there = await sources.head(key);
  if (!there) return;
  throw new ServiceError(
    'bad-input',
    `${JSON.stringify(key)} is there already, with ${there.bytes} bytes; give the file another name`,
  );
}
