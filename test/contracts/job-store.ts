import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, type JobState, jobId, type Sent } from '../../core/job/job.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import { newJob } from '../fixtures/new-job.ts';

/** `another` is a second connection to the same jobs, as another process would have it. */
export type OpenJobStore = () => Promise<{ store: JobStore; another: JobStore; close(): Promise<void> }>;

const STATES: readonly JobState[] = [
  { status: 'queued' },
  { status: 'queued', escalation: { larger: 2, market: 'on-demand' } },
  { status: 'planned' },
  { status: 'running', segments: { done: 3, total: 20 } },
  { status: 'joining' },
  { status: 'verifying' },
  { status: 'done', manifest: 'output/preserve/a.mov/manifest.json' },
  { status: 'unchanged', manifest: 'output/preserve/a.mov/manifest.json' },
  { status: 'failed', code: 'truncated', reason: `the film's "end" is missing\n(at 12:30)` },
];

/** What every job store does, wherever it keeps its jobs. */
export function jobStoreContract(name: string, open: OpenJobStore): void {
  describe(`${name} as a job store`, () => {
    let store: JobStore;
    let another: JobStore;
    let close: () => Promise<void>;
    const job = newJob('a.mov');

    beforeEach(async () => {
      ({ store, another, close } = await open());
    });
    afterEach(() => close());

    describe('create', () => {
      it('remembers the whole job, names of any kind included', async () => {
        const full = newJob(`it's "a"\n映像 👋.mov`, {
          createdMs: 1_700_000_000_123.5,
          published: [
            { key: 'output/a.mp4', bytes: 5_000_000_000, modifiedMs: 1_700_000_000_456.789, sha256: 'ab'.repeat(32) },
          ],
        });
        expect(await store.create(full)).toBe(true);
        expect(await another.get(full.id)).toEqual(full);
      });

      it('may have been by an earlier version, which called the escalation "amends"', async () => {
        const escalation = { larger: 1, market: 'on-demand' } as const;
        const sent = { reference: 'arn:1', atMs: 1_500 };
        const state = { status: 'queued', amends: escalation } as JobState;
        await store.create({ ...job, state });
        await store.note(job.id, { sent: { ...sent, amends: escalation } as unknown as Sent });
        const today = { ...job, state: { status: 'queued', escalation }, sent: { ...sent, escalation } };
        expect(await another.get(job.id)).toEqual(today);
        expect(await another.list(1)).toEqual([today]);
      });

      it('is refused where the id is taken, and changes nothing', async () => {
        await store.create(job);
        expect(await another.create({ ...job, settings: { crf: 28 } })).toBe(false);
        expect(await store.get(job.id)).toEqual(job);
      });

      it('succeeds once, when many create the same job at once', async () => {
        const created = await Promise.all(
          Array.from({ length: 10 }, (_, index) => (index % 2 ? store : another).create(job)),
        );
        expect(created.filter(Boolean)).toHaveLength(1);
      });
    });

    it('knows nothing of a job that nobody created', async () => {
      expect(await store.get(job.id)).toBeUndefined();
      expect(await store.list(10)).toEqual([]);
      expect(await store.claim(job.id, { owner: 'one', until: 2_000 }, 1_000)).toBe(false);
      expect(await store.save(job, 'one')).toBe(false);
      expect(await store.advance(job.id, 'queued', { status: 'planned' }, 1_000)).toBe(false);
      await expect(store.release(job.id, 'one')).resolves.toBeUndefined();
      expect(await store.list(10)).toEqual([]);
    });

    it('finds jobs by the beginning of their ids', async () => {
      const ids = ['ab00', 'ab01', 'abff', 'b000', 'aaff'].map((digits) => jobId.parse(digits.padEnd(32, '0')));
      for (const id of ids) await store.create({ ...job, id });
      const found = async (start: string, most = 9) => [...(await another.idsBeginning(start, most))].sort();
      expect(await found('ab')).toEqual(ids.slice(0, 3).sort());
      expect(await found('ab0')).toEqual(ids.slice(0, 2).sort());
      expect(await found(`${ids[1]}`)).toEqual([ids[1]]);
      expect(await found('c')).toEqual([]);
      expect(await found(`${'a'.repeat(64)}`)).toEqual([]);
      expect(await found('ab', 2)).toHaveLength(2);
    });

    it('lists the newest first, and no more than asked for', async () => {
      for (const [source, createdMs] of [
        ['b', 2_000],
        ['d', 4_000],
        ['a', 1_000],
        ['c', 3_000],
      ] as const) {
        await store.create(newJob(source, { createdMs }));
      }
      const sources = async (limit: number) => (await another.list(limit)).map((each) => each.source.at(-1));
      expect(await sources(10)).toEqual(['d', 'c', 'b', 'a']);
      expect(await sources(2)).toEqual(['d', 'c']);
    });

    it('lists those that are not final and were made before a time, oldest first', async () => {
      for (const [index, state] of STATES.entries()) {
        await store.create(newJob(state.status, { state, createdMs: 9_000 - index }));
      }
      const open = async (before: number, limit: number) =>
        (await another.listOpen(before, limit)).map((each) => each.state.status);
      expect(await open(10_000, 10)).toEqual(['verifying', 'joining', 'running', 'planned', 'queued']);
      expect(await open(9_000, 10)).toEqual(['verifying', 'joining', 'running', 'planned']);
      expect(await open(10_000, 2)).toEqual(['verifying', 'joining']);
    });

    it('no longer lists as open what was settled, and again what was put back', async () => {
      await store.create(job);
      await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
      await store.save({ ...job, state: { status: 'failed', code: 'busy', reason: 'later' } }, 'one');
      expect(await another.listOpen(9_000, 10)).toEqual([]);
      await store.advance(job.id, 'failed', { status: 'queued' }, 2_000);
      expect(await another.listOpen(9_000, 10)).toHaveLength(1);
      await store.advance(job.id, 'queued', { status: 'unchanged', manifest: 'm.json' }, 3_000);
      expect(await another.listOpen(9_000, 10)).toEqual([]);
    });

    describe('a note on a job', () => {
      const sent = { reference: 'arn:1', escalation: { larger: 1, market: 'on-demand' }, atMs: 1_500 } as const;
      const usage = { vcpu: 2, memoryBytes: 4e9, peakMemoryBytes: 1.5e9, cpuSeconds: 20.5, wallSeconds: 11 };

      it('is told with it, whoever works on it meanwhile', async () => {
        await store.create(job);
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        expect(await another.note(job.id, { sent })).toBe(true);
        await store.save({ ...job, state: { status: 'joining' } }, 'one');
        expect(await another.note(job.id, { usage })).toBe(true);
        expect(await another.get(job.id)).toEqual({ ...job, state: { status: 'joining' }, sent, usage });
      });

      it('tells in which burst it was sent, whatever its container writes, and forgets that when it is queued again', async () => {
        const burst = { name: 'the-burst', index: 1, of: 3 };
        await store.create(job);
        await store.note(job.id, { burst });
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        await another.note(job.id, { burst: { ...burst, cancelledMs: 1_200 } });
        await store.save({ ...job, burst, state: { status: 'joining' } }, 'one');
        expect((await another.get(job.id))?.burst).toEqual({ ...burst, cancelledMs: 1_200 });
        await store.advance(job.id, 'joining', { status: 'queued' }, 2_000);
        expect((await another.get(job.id))?.burst).toBeUndefined();
      });

      it('replaces the one before it', async () => {
        await store.create(job);
        await store.note(job.id, { sent });
        await another.note(job.id, { sent: { ...sent, reference: 'arn:2' } });
        expect(await store.get(job.id)).toEqual({ ...job, sent: { ...sent, reference: 'arn:2' } });
      });

      it('cannot be made on a job that nobody created', async () => {
        expect(await store.note(job.id, { sent })).toBe(false);
        expect(await store.get(job.id)).toBeUndefined();
      });

      it('is forgotten, as is who held it, when the job is queued again', async () => {
        await store.create(job);
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        await store.note(job.id, { sent });
        const state = { status: 'queued', escalation: { larger: 1, market: 'spot' } } as const;
        await store.advance(job.id, 'queued', state, 2_000);
        expect(await another.get(job.id)).toEqual({ ...job, state, updatedMs: 2_000 });
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 1_001)).toBe(true);
        expect(await store.save(job, 'one')).toBe(false);
      });
    });

    describe('claim', () => {
      beforeEach(async () => {
        await store.create(job);
      });

      it('takes a free job and keeps others off until the lease runs out', async () => {
        expect(await store.claim(job.id, { owner: 'one', until: 2_000 }, 1_000)).toBe(true);
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 1_999)).toBe(false);
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 2_000)).toBe(true);
        expect(await store.claim(job.id, { owner: 'one', until: 9_000 }, 2_001)).toBe(false);
      });

      it('renews the lease of its owner', async () => {
        await store.claim(job.id, { owner: 'one', until: 2_000 }, 1_000);
        expect(await store.claim(job.id, { owner: 'one', until: 5_000 }, 1_900)).toBe(true);
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 3_000)).toBe(false);
      });

      it('gives one job to one of many', async () => {
        const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`);
        const claims = owners.map((owner, index) =>
          (index % 2 ? store : another).claim(job.id, { owner, until: 9_000 }, 1_000),
        );
        expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
      });

      it('is free again once released, by its owner only', async () => {
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        await another.release(job.id, 'two');
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 1_001)).toBe(false);
        await store.release(job.id, 'one');
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 1_002)).toBe(true);
      });

      it('changes nothing of the job', async () => {
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        expect(await store.get(job.id)).toEqual(job);
      });
    });

    describe('save', () => {
      beforeEach(async () => {
        await store.create(job);
      });

      it.each(STATES)('writes the whole record for the owner: $status', async (state) => {
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        const next: Job = {
          ...job,
          state,
          settings: { vmaf: 95.5 },
          updatedMs: 1_500,
          published: [{ key: 'output/b.mp4', bytes: 1, modifiedMs: 2, sha256: '' }],
        };
        expect(await store.save(next, 'one')).toBe(true);
        expect(await another.get(job.id)).toEqual(next);
        expect(await another.list(5)).toEqual([next]);
      });

      it('keeps the lease', async () => {
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        await store.save({ ...job, updatedMs: 1_500 }, 'one');
        expect(await another.claim(job.id, { owner: 'two', until: 9_000 }, 2_000)).toBe(false);
      });

      it.each([
        { what: 'never claimed', prepare: async () => undefined },
        {
          what: 'released',
          prepare: async () => {
            await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
            await store.release(job.id, 'one');
          },
        },
        {
          what: 'lost to another',
          prepare: async () => {
            await store.claim(job.id, { owner: 'one', until: 2_000 }, 1_000);
            await another.claim(job.id, { owner: 'two', until: 9_000 }, 2_000);
          },
        },
      ])('writes nothing for an owner whose lease was $what', async ({ prepare }) => {
        await prepare();
        expect(await store.save({ ...job, state: { status: 'joining' } }, 'one')).toBe(false);
        expect(await store.get(job.id)).toEqual(job);
      });
    });

    describe('advance', () => {
      it.each(STATES)('moves a job to $status and tells when', async (state) => {
        await store.create(job);
        expect(await store.advance(job.id, 'queued', state, 7_000)).toBe(true);
        expect(await another.get(job.id)).toEqual({ ...job, state, updatedMs: 7_000 });
      });

      it('does not move a job that is elsewhere by now', async () => {
        await store.create(job);
        await another.advance(job.id, 'queued', { status: 'failed', code: 'bad-input', reason: 'first' }, 2_000);
        expect(await store.advance(job.id, 'queued', { status: 'planned' }, 3_000)).toBe(false);
        expect(await store.get(job.id)).toMatchObject({ state: { reason: 'first' }, updatedMs: 2_000 });
      });

      it('sees what a save has moved', async () => {
        await store.create(job);
        await store.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
        await store.save({ ...job, state: { status: 'joining' } }, 'one');
        expect(await another.advance(job.id, 'queued', { status: 'planned' }, 2_000)).toBe(false);
        expect(await another.advance(job.id, 'joining', { status: 'verifying' }, 2_000)).toBe(true);
      });

      it('lets one of many be first', async () => {
        await store.create(job);
        const moves = Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? store : another).advance(job.id, 'queued', { status: 'planned' }, index),
        );
        expect((await Promise.all(moves)).filter(Boolean)).toHaveLength(1);
      });
    });
  });
}
