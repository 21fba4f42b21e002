import { stat } from 'node:fs/promises';
import { bagFolder } from '../adapters/local/bag-folder.ts';
import { folderStore } from '../adapters/local/folder-store.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import { ServiceError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { WorkOptions } from '../core/ports/work-options.ts';
import { decodeFully } from '../media/measure/decode-fully.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';
import { localConfig } from './config.ts';
import { localToolbox } from './local-ports.ts';

/** What verifying and exporting need of a folder of results. */
export type LocalArchive = {
  readonly store: ObjectStore;
  readonly clock: Clock;
  hash(path: string, options: WorkOptions): Promise<string>;
  decode(path: string, options: WorkOptions): Promise<{ readonly errors: readonly string[] }>;
};

/** Opens a folder of results. Throws `no-input` if there is no such folder. */
export async function openArchive(folder: string, signal: AbortSignal): Promise<LocalArchive> {
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory()) throw new ServiceError('no-input', `${folder} is not a folder; name a folder of results`);
  return { store: folderStore(folder), clock: systemClock, ...fileReaders(signal) };
}

/** What reads files of this machine. The tools are only looked for when something is decoded. */
export function fileReaders(signal: AbortSignal): Pick<LocalArchive, 'hash' | 'decode'> {
  let toolbox: ReturnType<typeof localToolbox> | undefined;
  return {
    hash: hashOnThread,
    async decode(path, options) {
      toolbox ??= localToolbox(localConfig(), signal);
      return decodeFully((await toolbox).ffmpeg.path, path, options, { what: 'picture and sounds' });
    },
  };
}

/** A folder that becomes a bag. Throws `cannot-write` if something lies there. */
export const openBag = bagFolder;
