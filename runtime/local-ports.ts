import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../adapters/local/folder-store.ts';
import { isAlive, ownerId } from '../adapters/local/owner.ts';
import { smtpNotifier } from '../adapters/local/smtp-notifier.ts';
import { sqliteDemandStore } from '../adapters/local/sqlite-demand-store.ts';
import { type SqliteJobStore, sqliteJobStore } from '../adapters/local/sqlite-job-store.ts';
import { sqliteOnce } from '../adapters/local/sqlite-once.ts';
import { localScratch } from '../adapters/shared/local-scratch.ts';
import { slackNotifier } from '../adapters/shared/slack-notifier.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import type { DemandStore } from '../core/ports/demand-store.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { Once } from '../core/ports/once.ts';
import type { Ports } from '../core/ports/ports.ts';
import { writeFailure } from '../core/system-failure.ts';
import { ffmpegMedia } from '../media/ffmpeg-media.ts';
import { upscalers } from '../media/onnx/upscalers.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';
import { readingOnce } from '../media/probe/reading-once.ts';
import { libraryVersion } from '../media/tools/library-version.ts';
import { openToolbox, type Tool, type Toolbox } from '../media/tools/toolbox.ts';
import { type LocalConfig, localConfig } from './config.ts';

/** Folders: where sources are, where results go, and where pieces, cache and job table lie. */
export type LocalFolders = { readonly sources: string; readonly outputs: string; readonly work: string };

export type LocalPorts = {
  readonly jobs: SqliteJobStore;
  readonly demand: DemandStore;
  /** What was done, so that people are told once. */
  readonly once: Once;
  readonly notifier: Notifier;
  /** The ports of a drop; the stores differ from place to place, and its jobs read their source once. All else is shared. */
  portsFor(places: Pick<LocalFolders, 'sources' | 'outputs'>): Ports;
  /** Await it: a network may be at work, and must not be when the process ends. */
  close(): Promise<void>;
};

const JOB_TABLE = 'jobs.sqlite';

/** The mill on one machine; models of a user's own lie below `root`. Throws `missing-tool`, `cannot-write`. */
export async function openLocal(
  work: string,
  signal: AbortSignal,
  report: (message: string) => void,
  root?: string,
): Promise<LocalPorts> {
  const config = localConfig();
  const jobs = openJobs(work);
  const demand = sqliteDemandStore(join(work, JOB_TABLE));
  const once = sqliteOnce(join(work, JOB_TABLE));
  const notifier = notifierOf(config, report);
  const stored = {
    store: folderStore(config.modelStore ?? root ?? config.modelsRoot),
    shared: join(config.sharedFolder, 'models'),
  };
  const cache = folderStore(join(work, 'cache'));
  const networks = upscalers(
    config.modelsRoot,
    stored,
    config.tensorrt ? { store: cache, tensorrt: config.tensorrt } : undefined,
  );
  const media = { ...ffmpegMedia(await localToolbox(config, signal), networks), hash: hashOnThread };
  const shared = {
    cache,
    made: folderStore(join(work, 'made')),
    isThere: isFile,
    scratch: localScratch(work),
    jobs,
    demand,
    notifier,
    clock: systemClock,
    newOwner: () => ownerId(systemClock.newId()),
    cores: cores(),
    usage: async () => undefined,
  };
  return {
    jobs,
    demand,
    once,
    notifier,
    portsFor: ({ sources, outputs }) => ({
      ...shared,
      media: readingOnce(media),
      sources: folderStore(sources),
      outputs: folderStore(outputs),
    }),
    async close() {
      await networks.close();
      once.close();
      demand.close();
      jobs.close();
    },
  };
}

/** The job table alone: what `jobs` and `show` need. */
export function openJobs(work: string): SqliteJobStore {
  try {
    mkdirSync(work, { recursive: true });
  } catch (error) {
    throw writeFailure(error, work);
  }
  return sqliteJobStore(join(work, JOB_TABLE), isAlive);
}

const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** Processors this process may use. */
export const cores = availableParallelism;

/** A folder that is gone after `use`. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ffmpegs of this machine. */
export function localToolbox(config: LocalConfig, signal: AbortSignal): Promise<Toolbox> {
  const { ffmpegs, searchPath, cacheFolder } = config;
  return openToolbox({ candidates: ffmpegs, searchPath, cacheFile: join(cacheFolder, 'tools.json'), signal });
}

/** Version and build of the x265 in a tool; undefined where it has none. */
export const x265Of = async ({ path, encoders }: Tool, signal: AbortSignal): Promise<string | undefined> =>
  encoders.has('libx265') ? libraryVersion(path, 'libx265', signal) : undefined;

function notifierOf({ slackWebhook, mail }: LocalConfig, report: (message: string) => void): Notifier {
  const all = [
    slackWebhook !== undefined && slackNotifier(slackWebhook, { report }),
    mail && smtpNotifier({ server: mail.url, from: mail.from, to: mail.to }, { report }),
  ].filter((notifier) => notifier !== false && notifier !== undefined);
  return {
    async notify(notice) {
      await Promise.all(all.map((notifier) => notifier.notify(notice)));
    },
  };
}
