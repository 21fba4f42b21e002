import { resolve } from 'node:path';
import process from 'node:process';
import { answerApi } from '../../app/api/answer-api.ts';
import { sweepUploads } from '../../app/api/uploads.ts';
import { serveMedia, WITHOUT_LIMITS } from '../../app/serve/serve-media.ts';
import { progressAfter } from '../../core/api/job-progress.ts';
import type { AnswerOf } from '../../core/api/routes.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import type { JobEvent } from '../../core/job/events.ts';
import type { JobId } from '../../core/job/job.ts';
import manifest from '../../package.json' with { type: 'json' };
import { cacheLimit } from '../../runtime/cache-limit.ts';
import { builtPages, homeRoot, makeRoot, openLocalApi } from '../../runtime/local-api.ts';
import { localMediaPorts } from '../../runtime/local-media.ts';
import { cores, openLocal } from '../../runtime/local-ports.ts';
import { openBrowser } from '../../runtime/open-browser.ts';
import { pagesPolicy, readPages } from '../../runtime/served-pages.ts';
import { eventHub } from '../../runtime/serving/event-hub.ts';
import { mediaRoute } from '../../runtime/serving/media-route.ts';
import { servePages } from '../../runtime/serving/serve.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { filmsAsked } from '../films/films-asked.ts';
import { localSteering } from '../films/local-steering.ts';
import { watchedFolder } from '../films/watched-folder.ts';
import { newTeller, type Teller } from '../telling/teller.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

export type ServeCommandOptions = {
  readonly port: string;
  readonly open: boolean;
  readonly work?: string;
  readonly cache?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

const LARGEST_PORT = 65_535;
const SWEEP_MS = 3_600_000;

/** Serves pages and API of a folder on loopback, and works on what is dropped into it, until it is stopped. */
export async function serve(folder: string | undefined, options: ServeCommandOptions): Promise<number> {
  const port = portOf(options.port);
  const root = resolve(folder ?? homeRoot());
  const signal = interruptSignal();
  await makeRoot(root);
  const told = newTeller(options);
  const work = workFolderOf(root, options.work, told.say);
  const local = await openLocal(work, signal, told.say, root);
  const events = eventHub(Date.now());
  const progress = new Map<JobId, NonNullable<AnswerOf<'job'>['progress']>>();
  const teller = heard(told, (event) => {
    events.publish(event);
    noteProgress(progress, event);
  });
  const onMade = cacheLimit(work, local, options.cache);
  const { here, ports, watch } = watchedFolder(root, {
    ...{ local, teller, signal, onMade },
    ...{ once: false, remake: false, films: filmsAsked(undefined) },
  });
  const api = openLocalApi(root, work, ports.clock.now);
  const apiPorts = {
    ...ports,
    ...api,
    steering: localSteering(here, { ...ports, cancels: local.cancels }, signal),
    codes: undefined,
    progressOf: (job: JobId) => progress.get(job),
    about: { stage: 'local', version: manifest.version, live: 'events', cores: cores() },
    log: { error: (event: string, fields: object) => told.say(`${event} ${JSON.stringify(fields)}`, 'always') },
    side: 'local',
  } as const;
  const mediaPorts = {
    ...localMediaPorts(root, (sentence) => told.say(sentence, 'always')),
    mayServe: (key: string) => key.startsWith('output/'),
    limits: WITHOUT_LIMITS,
  };
  const media = mediaRoute('/media/', (asked) => serveMedia(asked, mediaPorts));
  const sweep = () => void sweepUploads(apiPorts).catch((error: unknown) => here.fail('uploads', error));
  const timer = setInterval(sweep, SWEEP_MS).unref();
  try {
    const server = await servePages({
      port,
      pages: await readPages(builtPages(), pagesPolicy()),
      media: async (incoming, response) => void (await media(incoming, response)),
      events,
      now: ports.clock.now,
      answer: (asked) => answerApi(asked, apiPorts),
      receive: api.receive,
    });
    local.pagesAt(`http://127.0.0.1:${server.port}`); // without the token, which opens everything
    if (options.json) process.stdout.write(`${JSON.stringify({ type: 'serving', url: server.url, root })}\n`);
    told.say(`serving ${printable(root)} at ${server.url}; Ctrl-C ends`, 'always');
    if (options.open) openBrowser(server.urlForOnce());
    sweep();
    await watch();
    await server.close();
  } finally {
    clearInterval(timer);
    teller.end();
    api.listing.close();
    await local.close();
  }
  return signal.aborted ? new ServiceError('interrupted', 'stopped').exitCode : 0;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= LARGEST_PORT) return port;
  throw usage(`--port ${text} is not a port; it takes 0 (any free port) to ${LARGEST_PORT}`);
}

const heard = (teller: Teller, hear: (event: JobEvent) => void): Teller => ({
  ...teller,
  onEvent(event) {
    teller.onEvent(event);
    hear(event);
  },
});

function noteProgress(progress: Map<JobId, NonNullable<AnswerOf<'job'>['progress']>>, event: JobEvent): void {
  if (event.job === undefined) return;
  const after = progressAfter(progress.get(event.job), event);
  if (after) progress.set(event.job, after);
  else progress.delete(event.job);
}
