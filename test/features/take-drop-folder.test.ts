import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { askForRendition, takeAgain } from '../../app/intake/take-again.ts';
import { asAskedNow, type DropPorts, jobOfNamed, takeDrop, takeNamed } from '../../app/intake/take-drop.ts';
import { requestFor } from '../../app/request-for.ts';
import { failureRecordFrom } from '../../core/job/failure-record.ts';
import type { Job, JobState } from '../../core/job/job.ts';
import type { Notice } from '../../core/ports/notifier.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { type LocalPorts, openLocal } from '../../runtime/local-ports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEY = 'input/preserve/clip.mov';

describe('a drop into a folder', () => {
  let root: string;
  let folder: ObjectStore;
  let local: LocalPorts;
  let ports: DropPorts;
  let sent: Job[];
  let notices: Notice[];

  const open = async () => {
    local = await openLocal(join(root, '.reelmill', 'work'), new AbortController().signal, () => {}, root);
    const intake = folderIntake(local, { sources: root, outputs: root }, async () => SHIPPED);
    const send = async (job: Job) => {
      sent.push(job);
      return 'sent' as const;
    };
    ports = { ...intake, send, notifier: { notify: async (notice) => void notices.push(notice) } };
  };
  beforeEach(async () => {
    root = await temporaryFolder();
    folder = folderStore(root);
    sent = [];
    notices = [];
    await open();
  });
  afterEach(() => local.close());

  const drop = (key = KEY, text = 'some bytes') => folder.write(key, text, '');
  const ask = (settings: object) => folder.write(`${KEY}.reelmill.json`, JSON.stringify({ settings }), '');
  /** As if it had been worked on. */
  const become = async (state: JobState) => {
    const job = await jobNow();
    await ports.jobs.advance(job.id, job.state.status, state, 2_000);
  };
  const jobNow = async (): Promise<Job> => {
    const [job] = await ports.jobs.list(1);
    if (!job) throw new Error('no job');
    return job;
  };
  const recordAt = async (key: string) => failureRecordFrom(await readFile(join(root, key)));

  it('becomes a job that says where its files lie, and waits in the job table', async () => {
    await drop();
    await ask({ crf: '24' });
    expect(await takeDrop(KEY, ports)).toMatchObject({ outcome: 'sent', left: [] });
    expect(sent).toEqual([await jobNow()]);
    expect(sent).toMatchObject([
      {
        recipe: 'preserve',
        source: KEY,
        outputPrefix: 'output/preserve/clip.mov',
        failureKey: 'failed/preserve/clip.mov.json',
        places: { sources: root, outputs: root },
        settings: { crf: '24' },
        state: { status: 'queued' },
      },
    ]);
  });

  it.each([
    { status: 'queued' },
    { status: 'done', manifest: 'm.json' },
    { status: 'unchanged', manifest: 'm.json' },
  ] as const)('is sent again, as the same job, where it is $status: what is there is looked at', async (state) => {
    await drop();
    await takeDrop(KEY, ports);
    await become(state);
    expect(await takeDrop(KEY, ports)).toMatchObject({ outcome: 'sent' });
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(sent).toHaveLength(2);
  });

  describe('that failed', () => {
    beforeEach(async () => {
      await drop();
      await ask({ crf: '24' });
      await takeDrop(KEY, ports);
      await become({ status: 'failed', code: 'truncated', reason: 'it is cut short' });
      sent = [];
    });

    it('is left as long as nothing about it changes, also by processes to come', async () => {
      await local.close();
      await open();
      const { id } = await jobNow();
      const left = [{ id, source: KEY, reason: 'it is cut short' }];
      for (let times = 0; times < 3; times++)
        expect(await takeDrop(KEY, ports)).toMatchObject({ outcome: 'known', left });
      expect(sent).toEqual([]);
    });

    it.each([
      { what: 'its bytes', change: () => drop(KEY, 'other bytes, all of them') },
      { what: 'what is asked for', change: () => ask({ crf: '25' }) },
      { what: 'that something is asked for', change: () => rm(join(root, `${KEY}.reelmill.json`)) },
    ])('is sent again after a change of $what', async ({ change }) => {
      await change();
      expect(await takeDrop(KEY, ports)).toMatchObject({ outcome: 'sent', left: [] });
      expect(sent).toHaveLength(1);
    });
  });

  it('that waits is worked on as it is asked for when its turn comes', async () => {
    await drop();
    await takeDrop(KEY, ports);
    await ask({ crf: '26' });
    const [job] = sent;
    expect(job && (await asAskedNow(job, ports))).toMatchObject({ id: job?.id, settings: { crf: '26' } });
  });

  it('that cannot be taken any more when its turn comes is refused then', async () => {
    await drop();
    await takeDrop(KEY, ports);
    await writeFile(join(root, `${KEY}.reelmill.json`), 'no JSON');
    const job = await jobNow();
    await expect(asAskedNow(job, ports)).rejects.toMatchObject({ code: 'usage' });
    expect(await recordAt('failed/preserve/clip.mov.json')).toMatchObject({ code: 'usage', source: KEY });
  });

  it('that vanished while it waited is left to its job, which says so', async () => {
    await drop();
    await takeDrop(KEY, ports);
    await rm(join(root, KEY));
    const job = await jobNow();
    expect(await asAskedNow(job, ports)).toEqual(job);
    expect(await takeDrop(KEY, ports)).toEqual({ outcome: 'gone' });
  });

  it.each([
    { what: 'a setting out of range', text: 'some bytes', settings: { crf: 99 } },
    { what: 'no bytes', text: '', settings: {} },
  ])('with $what is a job all the same: no machine is started for it, and the job says what is wrong', async (each) => {
    await drop(KEY, each.text);
    await ask(each.settings);
    expect(await takeDrop(KEY, ports)).toMatchObject({ outcome: 'sent' });
  });

  describe('that no job can be made of', () => {
    const key = 'input/both/clip.mov';
    const mixed = async () => ({ ...SHIPPED, mixes: new Map([['both', ['preserve', 'ladder']]]) });

    it('is written down and told, once for each reason, also by processes to come', async () => {
      await drop(key);
      for (let times = 0; times < 2; times++) {
        expect(await takeDrop(key, ports)).toMatchObject({ outcome: 'refused', failure: { exitCode: 64 } });
        await local.close();
        await open();
      }
      expect(notices).toMatchObject([{ kind: 'refused', recipe: 'both', source: key, details: { code: 'usage' } }]);
      expect(await recordAt('failed/both/clip.mov.json')).toMatchObject({
        recipe: 'both',
        source: key,
        code: 'usage',
        exitCode: 64,
        reason: expect.stringContaining('no recipe "both"'),
      });
      await folder.write(`${key}.reelmill.json`, '{}', '');
      await takeDrop(key, ports);
      expect(notices).toHaveLength(2);
    });

    it('is told of where its name leaves no place to write it down', async () => {
      await drop('input/clip.mov');
      expect(await takeDrop('input/clip.mov', ports)).toMatchObject({ outcome: 'refused' });
      expect(notices).toHaveLength(1);
    });

    it('is forgiven once one can be made', async () => {
      await drop(key);
      await takeDrop(key, ports);
      expect(await takeDrop(key, { ...ports, menu: mixed })).toMatchObject({ outcome: 'sent' });
      expect(await folder.head('failed/both/clip.mov.json')).toBeUndefined();
      expect(sent.map(({ outputPrefix }) => outputPrefix)).toEqual([
        'output/both/clip.mov/preserve',
        'output/both/clip.mov/ladder',
      ]);
    });
  });

  it('and a file named to it are jobs of their own; the named one is sent whatever became of it before', async () => {
    await drop();
    await takeDrop(KEY, ports);
    const named = { ...ports, store: join(root, 'out') };
    const orders = [{ recipe: recipeNamed('preserve'), settings: { crf: '24' } }];
    await takeNamed('clip.mov', orders, named);
    const [, job] = sent;
    if (!job) throw new Error('no job');
    await ports.jobs.advance(job.id, 'queued', { status: 'failed', code: 'bug', reason: 'x' }, 2_000);
    await takeNamed('clip.mov', orders, named);
    expect(sent.map(({ outputPrefix }) => outputPrefix)).toEqual([
      'output/preserve/clip.mov',
      'preserve/clip.mov',
      'preserve/clip.mov',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  });

  it('as a file that is named gets the model that falls to it and the weights of the menu, in a plan as in a run', async () => {
    const weights = { ...SHIPPED.weights, view: 7 };
    const menu = { ...SHIPPED, weights, upscaleModels: new Map([['websr-m-rl', 1]]) };
    const named = { ...ports, menu: async () => menu };
    const order = { recipe: recipeNamed('upscale'), settings: {} };
    await takeNamed('film.mov', [order], named);
    const planned = await jobOfNamed('film.mov', order, named);
    expect(sent).toMatchObject([{ id: planned.id, settings: { model: 'websr-m-rl' } }]);
    expect(planned.settings).toEqual({ model: 'websr-m-rl' });
    expect(requestFor(planned, menu)).toMatchObject({ recipe: { id: 'upscale' }, weights, places: { sources: root } });
  });

  it('of which a rendition is asked for by name counts that, and sends the job to make it', async () => {
    await drop('input/ladder/clip.mov');
    await takeDrop('input/ladder/clip.mov', ports);
    const job = await jobNow();
    const uses = { views: 1, downloads: 2 };
    await expect(askForRendition(job, 'hd8k', uses, ports)).rejects.toMatchObject({ code: 'usage' });
    expect([sent.length, (await ports.demand.of(job.outputPrefix)).size]).toEqual([1, 0]);
    await askForRendition(job, 'sd', uses, ports);
    const [, again] = sent;
    expect(again && requestFor(again, SHIPPED).asked).toEqual(['sd']);
    expect((await ports.demand.of(job.outputPrefix)).get('sd')).toMatchObject(uses);
    await takeAgain(job, ports);
    expect(sent[2]).toEqual(job);
  });
});
