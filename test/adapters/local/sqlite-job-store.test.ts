import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import Database from 'libsql';
import * as z from 'zod/mini';
import { isAlive, ownerId } from '../../../adapters/local/owner.ts';
import { sqliteJobStore } from '../../../adapters/local/sqlite-job-store.ts';
import { jobStoreContract } from '../../contracts/job-store.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { newJob } from '../../fixtures/new-job.ts';

const believed = () => true;
const newFolder = () => mkdtemp(join(tmpdir(), 'reelmill-jobs-'));

jobStoreContract('SQLite', async () => {
  const folder = await newFolder();
  const path = join(folder, 'made by opening', 'jobs.db');
  const store = sqliteJobStore(path, believed);
  const another = sqliteJobStore(path, believed);
  const close = async () => {
    store.close();
    another.close();
    await rm(folder, { recursive: true });
  };
  return { store, another, close };
});

describe('sqliteJobStore', () => {
  let folder: string;
  let path: string;
  const job = newJob('a.mov');

  beforeEach(async () => {
    folder = await newFolder();
    path = join(folder, 'jobs.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('remembers after it was closed', async () => {
    const first = sqliteJobStore(path, believed);
    await first.create(job);
    await first.claim(job.id, { owner: 'one', until: 9_000 }, 1_000);
    first.close();
    const second = sqliteJobStore(path, believed);
    expect(await second.get(job.id)).toEqual(job);
    expect(await second.claim(job.id, { owner: 'two', until: 9_000 }, 2_000)).toBe(false);
    second.close();
  });

  it('takes a lease as run out when its owner is known to be dead', async () => {
    const store = sqliteJobStore(path, (owner) => owner !== 'dead');
    await store.create(job);
    await store.claim(job.id, { owner: 'dead', until: 9_000 }, 1_000);
    expect(await store.claim(job.id, { owner: 'two', until: 9_000 }, 1_001)).toBe(true);
    expect(await store.claim(job.id, { owner: 'three', until: 9_000 }, 1_002)).toBe(false);
    expect(await store.save(job, 'dead')).toBe(false);
    store.close();
  });

  describe('shared by processes', () => {
    const workers: Worker[] = [];
    const startWorkers = async (count: number) => {
      const script = await bundled(WORKER);
      workers.push(...Array.from({ length: count }, () => startWorker(script, path)));
      return workers;
    };
    /** The answers of so many workers that are told the same at the same time. */
    const work = async (count: number, order: string) => {
      const answers = (await startWorkers(count)).map((worker) => worker.answers);
      for (const each of answers) expect(await next(each)).toBe('open');
      for (const worker of workers) worker.tell(order);
      const results: z.infer<typeof resultLine>[] = [];
      for (const each of answers) results.push(resultLine.parse(JSON.parse(await next(each))));
      return results;
    };
    afterEach(async () => {
      for (const { end } of workers.splice(0)) await end();
    });

    it('creates each job once, and gives it to exactly one of those that try at once', async () => {
      const all = Array.from({ length: 30 }, (_, index) => index);
      const results = await work(6, `${all.length}`);
      expect(results.flatMap(({ created }) => created).sort(byNumber)).toEqual(all);
      expect(results.flatMap(({ claimed }) => claimed).sort(byNumber)).toEqual(all);
    });

    it('gives the jobs of a dead process to exactly one of those that try at once', async () => {
      const all = Array.from({ length: 10 }, (_, index) => index);
      const store = sqliteJobStore(path, believed);
      for (const index of all) {
        const lost = newJob(String(index));
        await store.create(lost);
        await store.claim(lost.id, { owner: earlierProcess(), until: Number.MAX_SAFE_INTEGER }, 0);
      }
      store.close();
      const results = await work(4, `${all.length}`);
      expect(results.flatMap(({ claimed }) => claimed).sort(byNumber)).toEqual(all);
    });

    it('gives the job of a killed process to the next at once, and that of a living one to nobody', async () => {
      const [worker] = await startWorkers(1);
      if (!worker) throw new Error('no worker');
      expect(await next(worker.answers)).toBe('open');
      worker.tell('1');
      expect(JSON.parse(await next(worker.answers))).toEqual({ created: [0], claimed: [0] });
      const store = sqliteJobStore(path, isAlive);
      const job = newJob('0');
      const lease = { owner: ownerId('me'), until: Number.MAX_SAFE_INTEGER };
      expect(await store.claim(job.id, lease, Date.now())).toBe(false);
      await worker.kill();
      expect(await store.claim(job.id, lease, Date.now())).toBe(true);
      store.close();
    });
  });

  describe('a table that cannot be used', () => {
    it('is refused, and left as it is, when a later version made it', () => {
      sqliteJobStore(path, believed).close();
      const db = new Database(path);
      db.exec('PRAGMA user_version = 99');
      db.close();
      const refusal = expect.objectContaining({ code: 'usage', message: expect.stringContaining('version 99') });
      expect(() => sqliteJobStore(path, believed)).toThrow(refusal);
      expect(() => sqliteJobStore(path, believed)).toThrow(refusal);
    });

    it.each([
      { what: 'a record without its fields', sql: "UPDATE jobs SET record = '{}'" },
      { what: 'a record of another form', sql: "UPDATE jobs SET record = '[1]'" },
      { what: 'notes that are cut', sql: "UPDATE jobs SET notes = '{'" },
    ])('is damaged by $what, which no sum of SQLite tells, and says so', async ({ sql }) => {
      const store = sqliteJobStore(path, believed);
      await store.create(job);
      const db = new Database(path);
      db.exec(sql);
      db.close();
      const damage = { code: 'cannot-write', message: expect.stringContaining('it is damaged; move it away') };
      await expect(store.get(job.id)).rejects.toMatchObject(damage);
      await expect(store.list(10)).rejects.toMatchObject(damage);
      store.close();
    });

    it.each(['DROP TABLE jobs', 'DROP TABLE known', 'PRAGMA user_version = 0'])(
      'is damaged by %s, and says so',
      (sql) => {
        sqliteJobStore(path, believed).close();
        const db = new Database(path);
        db.exec(sql);
        db.close();
        const damage = { code: 'cannot-write', message: expect.stringContaining('it is damaged; move it away') };
        expect(() => sqliteJobStore(path, believed)).toThrow(expect.objectContaining(damage));
      },
    );

    it('is refused when it is no database', async () => {
      await writeFile(path, 'these are notes, not a job table. '.repeat(100));
      expect(() => sqliteJobStore(path, believed)).toThrow(expect.objectContaining({ code: 'cannot-write' }));
    });

    it('is refused when a folder has its name, or a file that of its folder', async () => {
      await mkdir(path);
      expect(() => sqliteJobStore(path, believed)).toThrow(expect.objectContaining({ code: 'cannot-write' }));
      await writeFile(join(folder, 'file'), '');
      expect(() => sqliteJobStore(join(folder, 'file/jobs.db'), believed)).toThrow(
        expect.objectContaining({ code: 'cannot-write' }),
      );
    });

    it('does not give out a record that is no job', async () => {
      const store = sqliteJobStore(path, believed);
      await store.create(job);
      const db = new Database(path);
      db.prepare("UPDATE jobs SET record = json_set(record, '$.state.status', 'sleeping')").run();
      db.close();
      await expect(store.get(job.id)).rejects.toMatchObject({ code: 'cannot-write' });
      store.close();
    });
  });
});

const WORKER = `
  import { createInterface } from 'node:readline';
  import { isAlive, ownerId } from './adapters/local/owner.ts';
  import { sqliteJobStore } from './adapters/local/sqlite-job-store.ts';
  import { newJob } from './test/fixtures/new-job.ts';
  // Slow, so that others get the chance to come between the reading and the writing of a lease.
  const slowly = (owner) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return isAlive(owner);
  };
  const store = sqliteJobStore(process.argv[2], slowly);
  const owner = ownerId('worker');
  console.log('open');
  for await (const line of createInterface({ input: process.stdin })) {
    const created = [], claimed = [];
    for (let index = 0; index < Number(line); index++) {
      const job = newJob(String(index));
      if (await store.create(job)) created.push(index);
      if (await store.claim(job.id, { owner, until: Number.MAX_SAFE_INTEGER }, Date.now())) claimed.push(index);
    }
    console.log(JSON.stringify({ created, claimed }));
  }
  store.close();
`;

const resultLine = z.object({ created: z.array(z.number()), claimed: z.array(z.number()) });
/** This process's number, had another process had it before. */
const earlierProcess = () => ownerId('x').replace(/:[^:]*:x$/, ':1:x');
const byNumber = (one: number, other: number) => one - other;

type Worker = ReturnType<typeof startWorker>;

/** It lives, and keeps its leases, until its stdin ends. */
function startWorker(script: string, path: string) {
  const child = execa(process.execPath, [script, path], { reject: false, buffer: false });
  const answers = child.iterable();
  return {
    answers,
    tell: (line: string) => child.stdin.write(`${line}\n`),
    end: async () => {
      child.stdin.end();
      await child;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
}

async function next(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error('the worker ended');
  return value;
}
