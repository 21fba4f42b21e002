import { type Caller, LOCAL_CALLER } from '../../core/api/caller.ts';
import { ServiceError } from '../../core/errors.ts';
import { inputKey } from '../../core/job/drop.ts';
import type { UploadSource } from '../../core/ports/upload-source.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { contentHash } from '../../core/small-file.ts';
import { partRange } from '../../core/upload/plan-parts.ts';
import { beginUpload } from './begin-upload.ts';
import { rememberedUploads, type UploadPorts } from './upload-records.ts';
import { abortUpload, completeUpload, showUpload, signParts } from './uploads.ts';

/** A file at hand, and the drop that it becomes. */
type FileToUpload = {
  readonly file: UploadSource;
  readonly recipe: string;
  readonly path: string;
  readonly settings: RawSettings;
};

type UploadFileOptions = {
  readonly signal: AbortSignal;
  /** Waits before a further attempt; `chance` (0 to 1) spreads those of many. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  chance(): number;
  onBegun(upload: { readonly key: string; readonly parts: number; readonly there: number }): void;
  /** All bytes that are there, and those of them that this call has sent. */
  onBytes(bytes: number, sent: number): void;
};

/** unchanged: this very file was uploaded there before. `sent` are the parts that this call has sent. */
type UploadedFile = {
  readonly status: 'done' | 'unchanged';
  readonly key: string;
  readonly parts: number;
  readonly sent: number;
};

const PARTS_AT_ONCE = 4;

/**
 * Sends a file in parts, four at a time, and makes it appear as a drop when all have arrived. It can be ended at any moment and
 * called again: parts that have arrived with the bytes that the file has now are not sent again.
 */
export async function uploadFile(
  asked: FileToUpload,
  ports: UploadPorts,
  sending: UploadFileOptions,
): Promise<UploadedFile> {
  const { file, recipe, path, settings } = asked;
  const { bytes, modifiedMs } = file;
  const key = inputKey({ recipe, path });
  const caller = callerFor(key);
  try {
    const before = await uploadedBefore({ key, bytes, modifiedMs, settings }, caller, ports);
    if (before !== undefined) return { status: 'unchanged', key, parts: before, sent: 0 };
    const begun = await beginUpload({ recipe, path, bytes, modifiedMs, settings }, caller, ports);
    return await sendBegun(asked, { begun, caller }, ports, sending);
  } catch (error) {
    if (sending.signal.aborted) throw stopped();
    // another process may have sent the same file at the same time, and ended first
    const others = await uploadedBefore({ key, bytes, modifiedMs, settings }, caller, ports).catch(() => undefined);
    if (others === undefined) throw error;
    return { status: 'unchanged', key, parts: others, sent: 0 };
  }
}

type Begun = { readonly begun: Awaited<ReturnType<typeof beginUpload>>; readonly caller: Caller };

async function sendBegun(
  { file, path }: FileToUpload,
  { begun, caller }: Begun,
  ports: UploadPorts,
  sending: UploadFileOptions,
): Promise<UploadedFile> {
  const { upload, parts, key } = begun;
  const { there } = await showUpload(upload, caller, ports);
  sending.onBegun({ key, parts, there: there.length });
  const arrived = new Map(there.map((part) => [part.number, part]));
  const checksums = new Map<number, string>();
  const counted = new Map<number, number>();
  let [total, sentBytes, sent] = [0, 0, 0];
  const count = (number: number, now: number, isSent: boolean) => {
    const more = now - (counted.get(number) ?? 0);
    counted.set(number, now);
    total += more;
    if (isSent) sentBytes += more;
    sending.onBytes(total, sentBytes);
  };
  await eachOf(parts, sending.signal, async (number, signal) => {
    const range = partRange(begun, number);
    const checksum = await file.checksum(range);
    checksums.set(number, checksum);
    const was = arrived.get(number);
    if (was?.checksum === checksum && was.bytes === range.end - range.start) return count(number, was.bytes, false);
    const send = async () => {
      const { urls } = await signParts(upload, { parts: [{ number, checksum }] }, caller, ports);
      const [to] = urls;
      if (!to) throw new Error(`part ${number} got no address`);
      return file.put(to, range, (out) => count(number, out, true), signal);
    };
    await persist(send, { file, number, path }, { ...sending, signal });
    count(number, range.end - range.start, true);
    sent += 1;
  });
  if (!(await file.isUnchanged())) {
    await abortUpload(upload, caller, ports);
    throw changed(path);
  }
  const stated = [...checksums].map(([number, checksum]) => ({ number, checksum }));
  await completeUpload(upload, { parts: stated }, caller, ports);
  return { status: 'done', key, parts, sent };
}

/** Whoever uploads by the command is known by the key alone, so that a thousand records need not be read for each file. */
const callerFor = (key: string): Caller => ({
  ...LOCAL_CALLER,
  id: `command-${contentHash(key).slice(0, 32)}`,
});

/** Returns the number of parts in which this very file was uploaded, if it is still there. */
async function uploadedBefore(
  asked: { readonly key: string; readonly bytes: number; readonly modifiedMs: number; readonly settings: RawSettings },
  caller: Caller,
  ports: UploadPorts,
): Promise<number | undefined> {
  for await (const { isComplete, parts, ...record } of rememberedUploads(caller.id, ports)) {
    const isSame = record.bytes === asked.bytes && record.modifiedMs === asked.modifiedMs;
    if (!isComplete || !isSame || JSON.stringify(record.settings) !== JSON.stringify(asked.settings)) continue;
    if ((await ports.sources.head(asked.key))?.bytes === asked.bytes) return parts;
  }
  return undefined;
}

/** Does the work for the numbers 1 to `count`, a few at once. The first failure ends the others. */
async function eachOf(
  count: number,
  signal: AbortSignal,
  work: (number: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let next = 1;
  const line = async () => {
    while (next <= count) {
      if (signal.aborted) throw stopped();
      either.throwIfAborted();
      await work(next++, either);
    }
  };
  const lines = Array.from({ length: PARTS_AT_ONCE }, () =>
    line().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const first = (await Promise.allSettled(lines)).length > 0 ? failed.signal.reason : undefined;
  if (signal.aborted) throw stopped();
  if (first !== undefined) throw first;
}

const stopped = () =>
  new ServiceError(
    'interrupted',
    'stopped; the parts that have arrived are kept, and the same command goes on from there',
  );

/** How long is waited before the next attempt, at most. After the last one somebody has to look at the line. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];

/** Refusals of S3 that pass: a line that damaged the part, or did not move. */
const PASSING = ['BadDigest', 'RequestTimeout'];

type PartOfFile = { readonly file: UploadSource; readonly number: number; readonly path: string };

/** Tries until a part has arrived. Throws `busy` for a file that has changed, and where the attempts are used up. */
async function persist(
  send: () => ReturnType<UploadSource['put']>,
  { file, number, path }: PartOfFile,
  { signal, wait, chance }: Pick<UploadFileOptions, 'signal' | 'wait' | 'chance'>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const { status, code, reason } = await send().catch(asAnswer);
    if (status >= 200 && status < 300) return;
    if (!(await file.isUnchanged())) throw changed(path);
    const most = WAITS_MS[attempt];
    // a new address is enough where one has expired (403); an upload that is gone (404) may be one that another process completes
    const passes = status === 0 || status >= 500 || [408, 429].includes(status) || PASSING.includes(code);
    const mayPass = (status === 403 && attempt === 0) || (status === 404 && attempt < 3);
    if (most === undefined || !(passes || mayPass))
      throw new ServiceError(
        'busy',
        `part ${number} of ${JSON.stringify(path)} was not taken (${reason}); the same command goes on from there`,
      );
    await wait(most * (0.5 + chance() / 2), signal);
  }
}

/** What may pass while an address is asked for is waited for, as a line that breaks is. */
function asAnswer(error: unknown): Awaited<ReturnType<UploadSource['put']>> {
  if (error instanceof ServiceError && error.code === 'busy') return { status: 0, code: '', reason: error.message };
  throw error;
}

const changed = (path: string) =>
  new ServiceError('busy', `${JSON.stringify(path)} has changed while it was sent, and is not there; upload it again`);
