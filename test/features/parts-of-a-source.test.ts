import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { runStep, type StepPorts } from '../../app/run/run-step.ts';
import { STACK_DISKS } from '../../core/dispatch/disks.ts';
import { fanOutKey } from '../../core/dispatch/fan-out.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { packFilm, plannedFilmKey, unpackFilm } from '../../core/segments/planned-film.ts';
import { type LocalPorts, openLocal } from '../../runtime/local-ports.ts';
import { newJob } from '../fixtures/new-job.ts';
import { fauxqsServer, optionsFor } from '../support/aws-servers.ts';
import { type LoggedS3, loggedS3 } from '../support/logged-s3.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const never = new AbortController().signal;
const Bucket = 'media';
const TASKS = 3;
const SETTINGS = { segmentSeconds: '3-4', preset: 'ultrafast', crf: '40', evenIfLarger: true };

/** Twelve seconds of noise, of which each has about as many bytes, with reordered pictures, sound and a timecode. */
const FILM = [
  ...[
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=96x64:r=25:d=12,noise=alls=60:allf=t:all_seed=1',
    '-f',
    'lavfi',
    '-i',
    'sine=d=12',
  ],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '1', '-bf', '2', '-g', '12'],
];
const TIMECODE = ['-timecode', '10:00:00:00'];
const OPEN = ['-x264-params', 'open-gop=1:bframes=2:keyint=12:min-keyint=12:scenecut=0'];

const GLOBAL_INDEX = ['-movflags', '+dash+global_sidx+frag_keyframe'];
const FILMS = [
  { name: 'at-end.mp4', what: 'an MP4 with its index at the end', args: TIMECODE },
  {
    name: 'at-start.mov',
    what: 'a QuickTime file with its index at the beginning',
    args: [...TIMECODE, '-movflags', '+faststart'],
  },
  { name: 'fragmented.mp4', what: 'a fragmented MP4', args: [...TIMECODE, '-movflags', '+frag_keyframe+empty_moov'] },
  { name: 'dash.mp4', what: 'a fragmented MP4 with an index before all fragments', args: GLOBAL_INDEX },
  {
    name: 'live.mp4',
    what: 'a fragmented MP4 with an index before each fragment',
    args: ['-movflags', '+dash+frag_keyframe'],
  },
  { name: 'timecode.mp4', what: 'a fragmented MP4 with an index and a timecode', args: [...TIMECODE, ...GLOBAL_INDEX] },
  { name: 'open.mp4', what: 'open GOPs', args: [...TIMECODE, ...OPEN] },
  { name: 'film.mkv', what: 'Matroska', args: TIMECODE },
  {
    name: 'live.mkv',
    what: 'Matroska without Cues, of unknown length',
    args: ['-live', '1', '-cluster_time_limit', '400'],
  },
  { name: 'open.mkv', what: 'Matroska with open GOPs', args: [...TIMECODE, ...OPEN] },
];

describe('the tasks of a film', () => {
  let root: string;
  let server: LoggedS3;
  let client: S3Client;
  let bucket: ObjectStore;
  let local: LocalPorts;
  let films: ReadonlyMap<string, Buffer>;
  let caches = 0;

  beforeAll(async () => {
    root = await temporaryFolder();
    server = await loggedS3(await fauxqsServer());
    client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket }));
    bucket = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: Bucket, scratch: join(root, 'scratch') });
    local = await openLocal(join(root, 'work'), never, () => {});
    const made = FILMS.map(async ({ name, args }) => {
      await execa('ffmpeg', ['-v', 'error', '-nostdin', ...FILM, ...args, join(root, name)]);
      return [name, await readFile(join(root, name))] as const;
    });
    films = new Map(await Promise.all(made));
  });
  afterAll(async () => {
    await local.close();
    client.destroy();
    await server.close();
  });

  /** A job whose source lies in the bucket and was planned, and the ports of its containers with a cache of their own. */
  async function planned(name: string, key = name) {
    const job = await dropped(name, key);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    await divided(job, TASKS);
    return job;
  }

  async function dropped(name: string, key: string, tasks = TASKS) {
    const job = newJob(key, { settings: SETTINGS, failureKey: `failed/${key}.json` });
    const cache = join(root, `cache-${++caches}`);
    const ports: StepPorts = {
      ...local.portsFor({ sources: root, outputs: root }),
      ...{ sources: bucket, outputs: bucket, cache: folderStore(cache), menu: async () => SHIPPED, disks: STACK_DISKS },
    };
    await bucket.write(job.source, films.get(name) ?? '', 'video/mp4');
    await ports.jobs.create(job);
    const run = (step: 'plan' | 'segment', index = 0) =>
      runStep(step === 'plan' ? { job: job.id, step } : { job: job.id, step, index }, ports, {
        signal: never,
        onEvent: () => {},
      });
    return { job, cache, run, tasks, fetched: () => server.asked.filter(({ path }) => path.endsWith(job.source)) };
  }

  type Job = Awaited<ReturnType<typeof dropped>>;

  const divided = ({ job }: Pick<Job, 'job'>, tasks: number) =>
    bucket.write(fanOutKey(job.id), JSON.stringify({ tasks, vcpu: '2', memory: '4096' }), 'application/json');

  /** Runs all tasks; returns what each has fetched of the source. */
  async function allTasks({
    run,
    tasks,
    fetched,
  }: Job): Promise<readonly (readonly { start: number; end: number }[])[]> {
    const ranges: { start: number; end: number }[][] = [];
    for (let index = 0; index < tasks; index++) {
      server.asked.length = 0;
      expect(await run('segment', index)).toEqual({ status: 'done' });
      ranges.push(fetched());
    }
    return ranges;
  }

  /** The pieces and their records, by their keys. */
  async function pieces(cache: string): Promise<Readonly<Record<string, string>>> {
    const names = await readdir(cache, { recursive: true }).catch(() => []);
    const files = names.filter((name) => /\.nut(\.json)?$/.test(name)).sort();
    const contentOf = async (name: string) => {
      const bytes = await readFile(join(cache, name));
      return name.endsWith('.json') ? bytes.toString().replace(ADDRESS, '') : sha256(bytes);
    };
    const hashes = files.map(async (name) => [name, await contentOf(name)] as const);
    return Object.fromEntries(await Promise.all(hashes));
  }

  const known = new Map<string, Promise<Readonly<Record<string, string>>>>();
  /** What one task makes that knows nothing of a plan and fetches the whole. It is made once of each film. */
  function wholePieces(name: string): Promise<Readonly<Record<string, string>>> {
    const made = known.get(name) ?? makeWholePieces(name);
    known.set(name, made);
    return made;
  }

  async function makeWholePieces(name: string): Promise<Readonly<Record<string, string>>> {
    const whole = await dropped(name, `whole-${++caches}-${name}`, 1);
    await divided(whole, 1);
    const fetched = await allTasks(whole);
    expect(fetched.map(bytesIn)).toEqual([films.get(name)?.length]);
    return pieces(whole.cache);
  }

  it.each(FILMS)('fetch of $what only parts, and make the same pieces as of the whole', async ({ name }) => {
    const bytes = films.get(name)?.length ?? 0;
    const job = await planned(name);
    const fetched = await allTasks(job);
    for (const ranges of fetched) expect(bytesIn(ranges)).toBeLessThan(0.85 * bytes);
    const made = await pieces(job.cache);
    expect(Object.keys(made).length).toBeGreaterThanOrEqual(2 * TASKS);
    expect(made).toEqual(await wholePieces(name));
  });

  it('leave nothing of the source on the disk', async () => {
    expect((await readdir(join(root, 'scratch'))).filter((name) => name.startsWith('fetched-'))).toEqual([]);
  });

  it('never encode what was not fetched: where the plan is wrong about the places, they fetch all of it', async () => {
    const job = await planned('at-end.mp4', 'wrong.mp4');
    const film = unpackFilm<object>((await bucket.read(plannedFilmKey(job.job.id))) ?? new Uint8Array());
    if (!film) throw new Error('there is no plan');
    const positions = film.film.places.positions.map((at) => Math.floor(at / 4));
    const wrong = { ...film, film: { ...film.film, places: { ...film.film.places, positions } } };
    await bucket.write(plannedFilmKey(job.job.id), packFilm(wrong), 'application/octet-stream');
    const fetched = await allTasks(job);
    expect(fetched.map(bytesIn)).toContain(films.get('at-end.mp4')?.length);
    expect(await pieces(job.cache)).toEqual(await wholePieces('at-end.mp4'));
  });

  it('make the same of a bucket that answers no range', async () => {
    const job = await planned('at-end.mp4', 'no-ranges.mp4');
    server.setRefusing(true);
    await allTasks(job);
    server.setRefusing(false);
    expect(await pieces(job.cache)).toEqual(await wholePieces('at-end.mp4'));
  });

  it('read a source anew that was replaced after the plan', async () => {
    const job = await planned('at-end.mp4', 'replaced.mp4');
    await bucket.write(job.job.source, films.get('open.mp4') ?? '', 'video/mp4');
    await allTasks(job);
    expect(await pieces(job.cache)).toEqual(await wholePieces('open.mp4'));
  });

  it('say that a source was replaced between two ranges, to be tried again, and keep no piece of it', async () => {
    const job = await planned('at-end.mp4', 'meanwhile.mp4');
    server.asked.length = 0;
    const replace = () => bucket.write(job.job.source, films.get('open.mp4') ?? '', 'video/mp4');
    const waiting = setReplacement(server, job.job.source, replace);
    expect(await job.run('segment', 0)).toEqual({
      status: 'failed',
      code: 'reclaimed',
      reason: expect.stringMatching(/meanwhile\.mp4 was replaced while it was read; try again$/),
    });
    waiting();
    expect(await pieces(job.cache)).toEqual({});
  });
});

/** Acts before the first GET of an object; returns what gives up waiting for it. */
function setReplacement(server: LoggedS3, key: string, act: () => Promise<unknown>): () => void {
  let isWaiting = true;
  const wait = () =>
    server.beforeNext(async () => {
      if (!isWaiting) return;
      if (server.asked.at(-1)?.path.endsWith(key)) await act();
      else wait();
    });
  wait();
  return () => {
    isWaiting = false;
  };
}

const bytesIn = (ranges: readonly { start: number; end: number }[]) =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);

/** Where a decoder lay in memory, which its messages tell. */
const ADDRESS = /@ 0x[0-9a-f]+/g;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
