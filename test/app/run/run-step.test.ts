import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type JobStep, runStep, type StepPorts } from '../../../app/run/run-step.ts';
import { disksFrom, STACK_DISKS } from '../../../core/dispatch/disks.ts';
import { fanOutKey } from '../../../core/dispatch/fan-out.ts';
import type { JobEvent } from '../../../core/job/events.ts';
import type { Job } from '../../../core/job/job.ts';
import { manifestSchema } from '../../../core/job/manifest.ts';
import { SHIPPED } from '../../../core/recipes/menu.ts';
import { type LocalPorts, openLocal } from '../../../runtime/local-ports.ts';
import { makeClip as clipInCache } from '../../fixtures/make.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { makeClip } from '../../support/clip.ts';
import { sha256 } from '../../support/hash.ts';

const SOURCE = 'film.mp4';
const OUTPUT = 'output/preserve/film.mp4';
const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', evenIfLarger: true };
const never = new AbortController().signal;

describe('a step of a job', () => {
  let clips: string;
  let root: string;
  let local: LocalPorts;
  let ports: StepPorts;
  let events: JobEvent[];
  const job = newJob(SOURCE, { settings: SETTINGS, failureKey: 'failed/preserve/film.mp4.json' });

  beforeAll(async () => {
    clips = await mkdtemp(join(tmpdir(), 'reelmill-clips-'));
    await makeClip(join(clips, SOURCE), { seconds: 6 });
  });
  afterAll(() => rm(clips, { recursive: true }));

  beforeEach(async () => {
    events = [];
    root = await mkdtemp(join(tmpdir(), 'reelmill-step-'));
    ({ local, ports } = await openMill(root));
    await writeSource(root);
    await ports.jobs.create(job);
  });
  afterEach(async () => {
    await local.close();
    await rm(root, { recursive: true, force: true });
  });

  async function openMill(folder: string) {
    const opened = await openLocal(join(folder, 'mill'), never, () => {});
    const places = { sources: folder, outputs: folder };
    return { local: opened, ports: { ...opened.portsFor(places), menu: async () => SHIPPED, disks: STACK_DISKS } };
  }

  async function writeSource(folder: string): Promise<void> {
    await mkdir(join(folder, 'input/preserve'), { recursive: true });
    await copyFile(join(clips, SOURCE), join(folder, job.source));
  }

  const onEvent = (event: JobEvent) => void events.push(event);
  const run = (request: Pick<JobStep, 'step'> & { index?: number }, signal = never) =>
    runStep({ job: job.id, ...request } as JobStep, ports, { signal, onEvent });
  const manifest = async (folder = root) =>
    manifestSchema.parse(JSON.parse(await readFile(join(folder, OUTPUT, 'manifest.json'), 'utf8')));
  const encoded = () => events.filter((event) => event.type === 'segment.done' && !event.reused).length;
  const state = async () => (await ports.jobs.get(job.id))?.state;

  it('of a whole job does the job', async () => {
    expect(await run({ step: 'all' })).toEqual({ status: 'done' });
    expect(await state()).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]).toMatchObject({ name: 'preserve', frames: 144 });
  });

  it('of a whole job says that it runs before its first segment is there', async () => {
    const { jobs } = ports;
    const seen: unknown[] = [];
    const save: typeof jobs.save = (saved, owner) => {
      seen.push(saved.state);
      return jobs.save(saved, owner);
    };
    ports = {
      ...ports,
      jobs: new Proxy(jobs, { get: (all, name) => (name === 'save' ? save : Reflect.get(all, name)) }),
    };
    await run({ step: 'all' });
    expect(seen[0]).toEqual({ status: 'running', segments: { done: 0, total: encoded() } });
  });

  it('of a whole job, done before, makes nothing', async () => {
    await run({ step: 'all' });
    events = [];
    expect(await run({ step: 'all' })).toEqual({ status: 'done' });
    expect(await state()).toMatchObject({ status: 'unchanged' });
    expect(encoded()).toBe(0);
  });

  it('is left alone where another works on the job', async () => {
    await ports.jobs.claim(job.id, { owner: 'another', until: Date.now() + 3_600_000 }, Date.now());
    expect(await run({ step: 'all' })).toEqual({ status: 'busy' });
    expect(events).toEqual([]);
  });

  describe('in steps', () => {
    /** As a longer film would be. */
    const splitInto = (tasks: number) =>
      ports.outputs.write(fanOutKey(job.id), JSON.stringify({ tasks, vcpu: '2', memory: '4096' }), 'application/json');

    it('gives the same file as in one, whatever the order of its shares, and no piece is made twice', async () => {
      const { reader } = ports;
      let measured = 0;
      const measureFields: typeof reader.measureFields = (...given) => {
        measured++;
        return reader.measureFields(...given);
      };
      ports = { ...ports, reader: { ...reader, measureFields } };
      expect(await run({ step: 'plan' })).toEqual({ status: 'done' });
      expect(await state()).toEqual({ status: 'planned' });
      expect(encoded()).toBe(0);

      await splitInto(3);
      for (const index of [2, 0, 1, 0]) await run({ step: 'segment', index });
      const pieces = encoded();
      expect(pieces).toBeGreaterThanOrEqual(3);
      events = [];
      expect(await run({ step: 'join' })).toEqual({ status: 'done' });
      expect(encoded()).toBe(0);
      const stepwise = await manifest();
      expect(stepwise.renditions[0]?.segments).toMatchObject({ total: pieces, encoded: 0, reused: pieces });
      expect(measured).toBe(1); // by the plan, for all steps

      const other = await mkdtemp(join(tmpdir(), 'reelmill-whole-'));
      const whole = await openMill(other);
      await writeSource(other);
      await whole.ports.jobs.create(job);
      await runStep({ job: job.id, step: 'all' }, whole.ports, { signal: never, onEvent: () => {} });
      expect((await manifest(other)).renditions[0]?.sha256).toBe(stepwise.renditions[0]?.sha256);
      expect(await sha256(join(other, OUTPUT, 'preserve.mp4'))).toBe(await sha256(join(root, OUTPUT, 'preserve.mp4')));
      await whole.local.close();
      await rm(other, { recursive: true });
    });

    it('plans as many tasks as there is work for, and none where nothing changed', async () => {
      const plan = async () => JSON.parse(Buffer.from((await ports.outputs.read(fanOutKey(job.id))) ?? []).toString());
      await run({ step: 'plan' });
      const machine = { vcpu: '2', memory: '4096', disk: 0 };
      expect(await plan()).toEqual({ tasks: 1, ...machine, join: machine });
      await run({ step: 'join' });
      await run({ step: 'plan' });
      expect(await plan()).toMatchObject({ tasks: 0 });
    });

    it.each([
      // a join has the source, its results and twice the largest; one that makes everything has the pieces too
      { what: 'none where the source is read as it is', streams: ['0:256'], sources: 4 },
      { what: 'one where its recordings have clocks of their own', streams: ['0:256', '0:256'], sources: 5 + 1 },
      { what: 'two where they have other PIDs as well', streams: ['0:256', '0:300'], sources: 5 + 2 },
    ])('gives a join the room for copies of the source, $what', async ({ streams, sources }) => {
      const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.5'];
      const args = [
        ...['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=24:d=2'],
        ...sound,
        '-c:v',
        'libx264',
        '-c:a',
        'mp2',
      ];
      const recordings = streams.map((id, i) => clipInCache({ file: `r${i}.ts`, args: [...args, '-streamid', id] }));
      const bytes = Buffer.concat(await Promise.all((await Promise.all(recordings)).map((path) => readFile(path))));
      const made = newJob('film.ts', { settings: { preset: 'ultrafast' } });
      await ports.outputs.write(made.source, bytes, 'video/mp2t');
      await ports.jobs.create(made);
      // beside what is counted there are a tenth and 2 GiB; where nothing is known of the results, they are as large as the source
      const holding = (count: number) => 2 + (1.1 * (count + 0.5) * bytes.length) / 2 ** 30;
      ports = { ...ports, disks: disksFrom(`${[1, 2, 3, 4, 5, 6, 7].map(holding).join(' ')} /`) };
      await runStep({ job: made.id, step: 'plan' }, ports, { signal: never, onEvent });
      const plan = await ports.outputs.read(fanOutKey(made.id));
      expect(JSON.parse(Buffer.from(plan ?? []).toString()).join.disk).toBe(sources - 1);
    });

    it('joins what is missing as well', async () => {
      await splitInto(3);
      await run({ step: 'segment', index: 0 });
      const before = encoded();
      await run({ step: 'join' });
      expect(await state()).toMatchObject({ status: 'done' });
      expect(encoded()).toBeGreaterThan(before);
    });

    it.each(['plan', 'segment'] as const)('tells in the job why %s could not be done', async (step) => {
      await splitInto(1);
      await ports.outputs.write(job.source, '#EXTM3U\nhttp://example.org/a.ts\n', 'video/mp4');
      expect(await run({ step, index: 0 })).toMatchObject({ status: 'failed', code: 'not-video' });
      expect(await state()).toMatchObject({ status: 'failed', code: 'not-video' });
      expect(JSON.parse(await readFile(join(root, 'failed/preserve/film.mp4.json'), 'utf8'))).toMatchObject({
        code: 'not-video',
      });
    });

    it.each(['plan', 'segment', 'join'] as const)('leaves the job as it was when %s is interrupted', async (step) => {
      await splitInto(1);
      const outcome = await run({ step, index: 0 }, AbortSignal.abort());
      expect(outcome).toMatchObject({ status: 'failed', code: 'interrupted' });
      expect(await state()).toEqual({ status: 'queued' });
      expect(await readdir(join(root, 'mill/drafts', job.id)).catch(() => [])).toEqual([]);
    });
  });

  it('of a share without a plan says that the plan comes first', async () => {
    expect(await run({ step: 'segment', index: 0 })).toMatchObject({
      code: 'no-input',
      reason: expect.stringContaining('plan'),
    });
  });

  it('for a job that nobody made, or of a recipe that there is not, is a wrong usage', async () => {
    const unknown = { ...newJob('b.mp4'), id: 'f'.repeat(32) as Job['id'] };
    const options = { signal: never, onEvent };
    expect(await runStep({ job: unknown.id, step: 'all' }, ports, options)).toMatchObject({ code: 'usage' });
    const odd = newJob('c.mp4', { recipe: 'nonsense', failureKey: 'failed/c.json' });
    await ports.jobs.create(odd);
    expect(await runStep({ job: odd.id, step: 'all' }, ports, options)).toMatchObject({ code: 'usage' });
  });
});
