import { stat } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { folderSourceKeeper } from '../adapters/local/folder-source-keeper.ts';
import { folderStore } from '../adapters/local/folder-store.ts';
import { localInPlace } from '../adapters/local/local-in-place.ts';
import { isAlive, ownerId } from '../adapters/local/owner.ts';
import { publishedIndex } from '../adapters/local/published-index.ts';
import { smtpNotifier } from '../adapters/local/smtp-notifier.ts';
import { sqliteDemandStore } from '../adapters/local/sqlite-demand-store.ts';
import { type SqliteJobStore, sqliteJobStore } from '../adapters/local/sqlite-job-store.ts';
import { sqliteKnownResults } from '../adapters/local/sqlite-known-results.ts';
import { sqliteOnce } from '../adapters/local/sqlite-once.ts';
import { sqliteResultNames } from '../adapters/local/sqlite-result-names.ts';
import { localScratch } from '../adapters/shared/local-scratch.ts';
import { makeFolderSync } from '../adapters/shared/make-folder.ts';
import { slackNotifier } from '../adapters/shared/slack-notifier.ts';
import { systemClock } from '../adapters/shared/system-clock.ts';
import type { Gaps } from '../core/film/image-sequence.ts';
import { leadingToPages } from '../core/notices/job-pages.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DemandStore } from '../core/ports/demand-store.ts';
import type { KnownResults } from '../core/ports/known-results.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { Once } from '../core/ports/once.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { ResultNames } from '../core/ports/result-names.ts';
import { writeFailure } from '../core/system-failure.ts';
import { framesAt } from '../media/animation/frames-at.ts';
import { hashOfSource } from '../media/animation/hash-frames.ts';
import { type SequenceHead, sequenceHead } from '../media/animation/sequence-head.ts';
import { ffmpegMaker } from '../media/ffmpeg-maker.ts';
import { ffmpegMeasurer } from '../media/ffmpeg-measurer.ts';
import { ffmpegReader } from '../media/ffmpeg-reader.ts';
import { upscalers } from '../media/onnx/upscalers.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';
import { readingOnce } from '../media/probe/reading-once.ts';
import { ownFolder, withOwnFolder } from '../media/process/own-folder.ts';
import { howToInstall } from '../media/tools/how-to-install.ts';
import { libraryVersion } from '../media/tools/library-version.ts';
import { openToolbox, type Tool, type Toolbox } from '../media/tools/toolbox.ts';
import { type CancelMarks, cancelMarks } from './cancel-marks.ts';
import { type LocalConfig, localConfig, toolboxSearch } from './config.ts';
import { refuseTelemetry } from './library-settings.ts';
import { localOnnxruntime } from './local-onnxruntime.ts';
import { sequenceSources } from './sequence-sources.ts';

/** The folders of sources, of results, and of work files (pieces, cache and job table). */
export type LocalFolders = { readonly sources: string; readonly outputs: string; readonly work: string };

export type LocalPorts = {
  readonly jobs: SqliteJobStore;
  readonly demand: DemandStore;
  /** Tells of jobs that are to end. */
  readonly cancels: CancelMarks;
  readonly clock: Clock;
  /** What people were told already. */
  readonly once: Once;
  /** Which job has which name in a folder of results. */
  namesIn(store: string): ResultNames;
  /** What is known to be done in a folder of results. */
  knownIn(store: string): KnownResults;
  readonly notifier: Notifier;
  /** From now on, notices lead to the jobs' pages at this address. */
  pagesAt(address: string): void;
  /** Reads the first picture of a sequence; undefined for a path that means none. Throws `bad-input`. */
  sequenceHead(path: string, gaps: Gaps, signal: AbortSignal): Promise<SequenceHead | undefined>;
  /** The ports of one source. Its jobs share them and read the source once; everything but the stores is shared by all. */
  portsFor(places: Pick<LocalFolders, 'sources' | 'outputs'>): Ports;
  /** Has to be awaited, because no network may still run when the process ends. */
  close(): Promise<void>;
};

export const JOB_TABLE = 'jobs.sqlite';

/** Opens the local mill. The user's own models are below `root`. Throws `missing-tool` and `cannot-write`. */
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
  const names = sqliteResultNames(join(work, JOB_TABLE));
  const published = publishedIndex(join(config.sharedFolder, 'published.sqlite'));
  const known = sqliteKnownResults(join(work, JOB_TABLE));
  let pages: string | undefined;
  const notifier = leadingToPages(notifierOf(config, report), () => pages);
  const stored = {
    store: folderStore(config.modelStore ?? root ?? config.modelsRoot),
    shared: join(config.sharedFolder, 'models'),
  };
  const cache = folderStore(join(work, 'cache'));
  refuseTelemetry();
  const networks = upscalers(
    config.modelsRoot,
    stored,
    config.tensorrt ? { store: cache, tensorrt: config.tensorrt } : undefined,
    localOnnxruntime(config, { signal, report }),
  );
  const toolbox = await localToolbox(config, signal);
  const reader = { ...ffmpegReader(toolbox), hash: hashOfSource };
  const shared = {
    cache,
    made: folderStore(join(work, 'made')),
    isThere: async (path: string) =>
      (await isFile(path)) || (await framesAt(path).catch(() => undefined)) !== undefined,
    maker: ffmpegMaker(toolbox, networks),
    measurer: ffmpegMeasurer(toolbox),
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
    cancels: cancelMarks(work),
    clock: systemClock,
    once,
    namesIn: names.in,
    knownIn: known.in,
    notifier,
    pagesAt(address) {
      pages = address;
    },
    sequenceHead: (path, gaps, stop) => sequenceHead(toolbox.ffprobe, { path, gaps }, stop),
    portsFor: ({ sources, outputs }) => ({
      ...shared,
      reader: readingOnce(reader),
      sources: sequenceSources(folderStore(sources, ownFolder)),
      outputs: folderStore(outputs),
      keeper: folderSourceKeeper({
        ...{ sources, outputs },
        hash: (path, stop) => hashOnThread(path, { signal: stop, onProgress: () => {} }),
      }),
      inPlace: localInPlace(
        { root: outputs, hash: (path) => hashOnThread(path, { signal, onProgress: () => {} }) },
        published,
      ),
    }),
    async close() {
      await networks.close();
      published.close();
      known.close();
      names.close();
      once.close();
      demand.close();
      jobs.close();
    },
  };
}

/** Opens what a process needs to end work that another one does. Throws `cannot-write`. */
export const openCancelling = (work: string) => ({
  jobs: openJobs(work),
  cancels: cancelMarks(work),
  clock: systemClock,
});

/** Opens only the job table, for `jobs` and `show`. Throws `cannot-write`. */
export function openJobs(work: string): SqliteJobStore {
  try {
    makeFolderSync(work);
  } catch (error) {
    throw writeFailure(error, work);
  }
  return sqliteJobStore(join(work, JOB_TABLE), isAlive);
}

const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** The number of processors that this process may use. */
export const cores = availableParallelism;

/** The memory that this process and its programs may take. A container may have less of it than its machine. */
export const memoryBytes = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** Makes a temporary folder for `use`, and removes it afterwards. */
export const withTemporaryFolder = <T>(use: (folder: string) => Promise<T>): Promise<T> =>
  withOwnFolder('reelmill-', use);

/** Finds the ffmpegs of this machine. */
export function localToolbox(config: LocalConfig, signal: AbortSignal): Promise<Toolbox> {
  return openToolbox({ ...toolboxSearch(config), signal });
}

/** What to type for an ffmpeg on this machine. */
export const installFfmpeg = (): string => howToInstall(process.platform);

/** The version and build of the x265 in an ffmpeg, by a trial; undefined if it has none. */
export const x265Of = async ({ path, encoders }: Tool, signal: AbortSignal): Promise<string | undefined> =>
  encoders.has('libx265') ? libraryVersion(path, 'libx265', { signal, cache: undefined }) : undefined;

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
