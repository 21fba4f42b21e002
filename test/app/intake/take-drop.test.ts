import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import { disksFrom } from '../../../core/dispatch/disks.ts';
import { refusedForSize } from '../../../core/dispatch/size-refusal.ts';
import { ServiceError } from '../../../core/errors.ts';
import type { SourceOutline } from '../../../core/film/source-outline.ts';
import { dropSettingsKey } from '../../../core/job/drop.ts';
import { bucketRules } from '../../../core/job/intake-rules.ts';
import { SHIPPED } from '../../../core/recipes/menu.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const SMALL = disksFrom('21 50 100 200 /');

const KEY = 'input/preserve/clip.mov';
const throttled = new ServiceError('busy', 'Batch: too many requests; try again');

describe('a drop', () => {
  let intake: TestIntake;
  const drop = (key = KEY, text = 'some bytes') => intake.folder.write(key, text, 'video/mp4');
  const ask = (settings: object) =>
    intake.folder.write(dropSettingsKey(KEY), JSON.stringify({ settings }), 'application/json');

  beforeEach(async () => {
    intake = await testIntake();
  });
  afterEach(() => intake.close());

  it('becomes a job, which is sent', async () => {
    await drop();
    await ask({ crf: '24' });
    const { outcome } = await takeDrop(KEY, intake);
    expect(outcome).toBe('sent');
    const [job] = await intake.jobs.list(10);
    expect(job).toMatchObject({
      recipe: 'preserve',
      source: KEY,
      outputPrefix: 'output/preserve/clip.mov',
      failureKey: 'failed/preserve/clip.mov.json',
      settings: { crf: '24' },
      state: { status: 'queued' },
      sent: { reference: 'sent-1', escalation: { larger: 0, market: 'spot' } },
    });
    expect(intake.sent).toMatchObject([{ job: { id: job?.id }, route: { way: 'single' } }]);
    expect(intake.notices).toEqual([]);
  });

  describe('for a graphics card, where there is none', () => {
    const key = 'input/upscale/film.mov';
    const without = (facts?: SourceOutline) => ({
      ...intake,
      rules: bucketRules({ hasGpu: false, refusesSize: () => undefined }),
      ...(facts && { inbox: { ...intake.inbox, measure: async () => facts } }),
    });

    it('goes to a processor, and its job says so', async () => {
      await drop(key);
      expect(await takeDrop(key, without())).toMatchObject({
        outcome: 'sent',
        jobs: [{ settings: { device: 'cpu' } }],
      });
      expect(intake.sent).toMatchObject([{ route: { way: 'single', compute: 'upscale-on-cpu', size: { vcpu: 16 } } }]);
    });

    it('is refused with a sentence where a processor would take too long, and no job is made', async () => {
      await drop(key);
      const film = { bytes: 4e9, pixels: 1920 * 1080, durationSeconds: 9 * 3600 };
      expect(await takeDrop(key, without(film))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringMatching(/about \d+ hours on a processor, and one film may take at most 6; .*maxGpuVcpus/),
      });
      expect(await intake.jobs.list(10)).toEqual([]);
      expect(intake.notices).toMatchObject([{ kind: 'refused' }]);
    });

    it('is refused as well where it asks for what only a card can do', async () => {
      await drop();
      await ask({ encoder: 'nvenc' });
      expect(await takeDrop(KEY, without())).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('encoder=nvenc needs a graphics card'),
      });
    });

    it('concerns no encode', async () => {
      await drop();
      expect(await takeDrop(KEY, without())).toMatchObject({ outcome: 'sent', jobs: [{ settings: {} }] });
      expect(intake.sent).toMatchObject([{ route: { compute: 'cpu' } }]);
    });
  });

  it.each(['clip.mov.part', 'clip.mov.filepart', 'clip.mov~'])(
    'named %s is refused with a sentence, since no file of a bucket is half there',
    async (name) => {
      const key = `input/preserve/${name}`;
      await drop(key);
      expect(await takeDrop(key, intake)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('upload it under the name of the film'),
      });
      expect(intake.notices).toMatchObject([{ kind: 'refused' }]);
    },
  );

  it('that is encrypted under a key that we may not use is refused with a sentence', async () => {
    await drop();
    const fault = 'measure input/preserve/clip.mov: it is encrypted under a key that this stack may not use';
    const inbox = {
      inspect: async () => ({ bytes: 10, version: 'v1', settings: {} }),
      measure: async () => {
        throw new ServiceError('no-input', fault);
      },
      list: intake.inbox.list,
    };
    expect(await takeDrop(KEY, { ...intake, inbox })).toMatchObject({ outcome: 'refused', reason: fault });
    expect(await intake.jobs.list(10)).toEqual([]);
  });

  it('that no disk of the stack holds is refused with the sentence that names the size, and is no job', async () => {
    const key = 'input/preserve/huge.mov';
    await drop(key);
    const rules = bucketRules({ hasGpu: true, refusesSize: (needs, source) => refusedForSize(needs, source, SMALL) });
    const inbox = {
      ...intake.inbox,
      measure: async () => ({ bytes: 300e9, pixels: 1920 * 1080, durationSeconds: 7200 }),
    };
    const taken = await takeDrop(key, { ...intake, inbox, rules });
    const reason = expect.stringMatching(
      /^making this film takes a disk of about \d+ GiB, and the largest .* is 200 GiB; /,
    );
    expect(taken).toMatchObject({ outcome: 'refused', reason });
    expect(await intake.jobs.list(10)).toEqual([]);
    expect(intake.notices).toMatchObject([{ kind: 'refused', details: { code: 'over-limit' } }]);
  });

  it('is given the model that falls to it, which its next delivery finds again', async () => {
    const key = 'input/upscale/film.mov';
    await drop(key);
    const weighted = (model: string) => ({
      ...intake,
      menu: async () => ({ ...SHIPPED, upscaleModels: new Map([[model, 1]]) }),
    });
    const settings = { model: 'websr-m-rl' };
    expect(await takeDrop(key, weighted('websr-m-rl'))).toMatchObject({ outcome: 'sent', jobs: [{ settings }] });
    expect(await takeDrop(key, weighted('websr-s-rl'))).toMatchObject({ outcome: 'known', jobs: [{ settings }] });
  });

  describe('into a mix', () => {
    const mixed = 'input/both/clip.mov';
    const ports = () => ({
      ...intake,
      menu: async () => ({ ...SHIPPED, mixes: new Map([['both', ['preserve', 'ladder']]]) }),
    });

    it('becomes a job for each of its recipes, sent once each', async () => {
      await drop(mixed);
      await intake.folder.write(dropSettingsKey(mixed), JSON.stringify({ settings: { crf: 24 } }), 'application/json');
      expect(await takeDrop(mixed, ports())).toMatchObject({
        outcome: 'sent',
        jobs: [
          { recipe: 'preserve', source: mixed, outputPrefix: 'output/both/clip.mov/preserve', settings: { crf: 24 } },
          { recipe: 'ladder', source: mixed, outputPrefix: 'output/both/clip.mov/ladder', settings: {} },
        ],
      });
      expect(await takeDrop(mixed, ports())).toMatchObject({ outcome: 'known' });
      expect(intake.sent.map(({ job }) => job.recipe)).toEqual(['preserve', 'ladder']);
    });

    it('of which one could not be sent is completed by the next delivery', async () => {
      await drop(mixed);
      intake.failNext('before', throttled);
      await expect(takeDrop(mixed, ports())).rejects.toBe(throttled);
      expect((await takeDrop(mixed, ports())).outcome).toBe('sent');
      expect(intake.sent.map(({ job }) => job.recipe).sort()).toEqual(['ladder', 'preserve']);
    });

    it('with a setting that one of its recipes cannot have makes no job at all', async () => {
      await drop(mixed);
      await intake.folder.write(dropSettingsKey(mixed), JSON.stringify({ settings: { crf: 99 } }), 'application/json');
      expect(await takeDrop(mixed, ports())).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('crf=99'),
      });
      expect(await intake.jobs.list(10)).toEqual([]);
    });
  });

  it('of what is used a lot is a job that goes before others', async () => {
    await drop();
    await intake.demand.count('output/preserve/clip.mov', 'preserve', { views: 10, downloads: 3 }, intake.clock.now());
    await takeDrop(KEY, intake);
    expect((await intake.jobs.list(1))[0]).toMatchObject({ priority: 111 });
  });

  it('that is delivered again, in whatever state its job is, makes and sends nothing', async () => {
    await drop();
    await takeDrop(KEY, intake);
    const [job] = await intake.jobs.list(10);
    if (!job) throw new Error('no job');
    for (const state of [
      job.state,
      { status: 'running', segments: { done: 1, total: 2 } },
      { status: 'failed', code: 'bug', reason: 'x' },
      { status: 'done', manifest: 'm.json' },
    ] as const) {
      await intake.jobs.claim(job.id, { owner: 'task', until: 9e9 }, 0);
      await intake.jobs.save({ ...job, state }, 'task');
      expect((await takeDrop(KEY, intake)).outcome).toBe('known');
    }
    expect(await intake.jobs.list(10)).toHaveLength(1);
    expect(intake.sent).toHaveLength(1);
  });

  it('is one job and sent once, when many deliveries come at the same time', async () => {
    await drop();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => takeDrop(KEY, intake)));
    expect(outcomes.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
    expect(intake.sent).toHaveLength(1);
  });

  it('written anew is a new job', async () => {
    await drop();
    await takeDrop(KEY, intake);
    await drop(KEY, 'other bytes');
    expect((await takeDrop(KEY, intake)).outcome).toBe('sent');
    expect(await intake.jobs.list(10)).toHaveLength(2);
  });

  it.each([
    { when: 'before', what: 'that was not sent is sent by the next delivery' },
    { when: 'after', what: 'that was sent without a note of it is found, not sent twice' },
  ] as const)('$what', async ({ when }) => {
    await drop();
    intake.failNext(when, throttled);
    await expect(takeDrop(KEY, intake)).rejects.toBe(throttled);
    expect((await takeDrop(KEY, intake)).outcome).toBe('sent');
    expect(intake.sent).toHaveLength(1);
    expect((await intake.jobs.list(10))[0]?.sent?.reference).toBe('sent-1');
  });

  it('whose sender died is left to it for a while, then sent by whoever comes', async () => {
    await drop();
    intake.failNext('before', throttled);
    await takeDrop(KEY, intake).catch(() => {});
    const [job] = await intake.jobs.list(1);
    await intake.once.begin(
      `send ${job?.id}-${job?.updatedMs.toString(36)}`,
      intake.clock.now() + 90_000,
      intake.clock.now(),
    );
    expect((await takeDrop(KEY, intake)).outcome).toBe('known');
    expect(intake.sent).toEqual([]);
    intake.pass(90_000);
    expect((await takeDrop(KEY, intake)).outcome).toBe('sent');
    expect(intake.sent).toHaveLength(1);
  });

  it.each([
    'output/preserve/clip.mov/preserve.mp4',
    'work/a.json',
    'cache/a',
    'input/preserve/',
    'input/preserve/.clip.mov.part',
    'recipes.json',
  ])('is not what lies at %s', async (key) => {
    expect((await takeDrop(key, intake)).outcome).toBe('ignored');
    expect(await intake.jobs.list(10)).toEqual([]);
  });

  it('that is gone again is no job', async () => {
    expect((await takeDrop(KEY, intake)).outcome).toBe('gone');
    expect(await intake.jobs.list(10)).toEqual([]);
  });

  it.each([
    { what: 'an unknown recipe', key: 'input/prezerve/clip.mov', says: /no recipe "prezerve"; there are: .*preserve/ },
    { what: 'no recipe', key: 'input/clip.mov', says: /names no recipe; drop it into input\/<recipe>/ },
    { what: 'a setting the recipe does not take', settings: { wings: 2 }, says: /no setting "wings"; there are: crf/ },
    { what: 'a setting out of range', settings: { crf: 99 }, says: /crf=99 is out of range; it takes 10-40/ },
    { what: 'no bytes', text: '', says: /the file is empty/ },
  ])('with $what is refused, and people are told once why', async ({ key = KEY, settings, text, says }) => {
    await drop(key, text);
    if (settings) await ask(settings);
    for (let times = 0; times < 3; times++) expect(await takeDrop(key, intake)).toMatchObject({ outcome: 'refused' });
    expect(intake.notices).toEqual([
      expect.objectContaining({ kind: 'refused', source: key, summary: expect.stringMatching(says) }),
    ]);
    expect(await intake.jobs.list(10)).toEqual([]);
  });

  it('that was refused is refused again, and told again, when it was written anew', async () => {
    await drop('input/none/a.mov');
    await takeDrop('input/none/a.mov', intake);
    await drop('input/none/a.mov', 'other bytes');
    await takeDrop('input/none/a.mov', intake);
    expect(intake.notices).toHaveLength(2);
  });

  it('of which people could not be told is delivered again', async () => {
    await drop('input/none/a.mov');
    intake.failNextNotice(throttled);
    await expect(takeDrop('input/none/a.mov', intake)).rejects.toBe(throttled);
    await takeDrop('input/none/a.mov', intake);
    expect(intake.notices).toHaveLength(1);
  });

  it('is not refused because of a failure that may pass', async () => {
    await drop();
    const broken = { ...intake, menu: () => Promise.reject(throttled) };
    await expect(takeDrop(KEY, broken)).rejects.toBe(throttled);
    expect(intake.notices).toEqual([]);
  });
});
