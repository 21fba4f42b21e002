import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { report } from '../../../app/archive/report.ts';
import type { Auditor } from '../../../core/ports/auditor.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const good: Auditor = {
  findings: async () => [{ where: 'media', what: 'encrypted by default', isSo: true, detail: 'AES256' }],
  acts: async () => [{ who: 'ana', what: 'PutBucketPolicy', times: 2 }],
  spending: async () => [
    { recipe: 'preserve', usd: 1.25 },
    { recipe: undefined, usd: 0.5 },
  ],
};

describe('the monthly report', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await testIntake();
    intake.pass(Date.parse('2026-11-02T06:00:00Z') - intake.clock.now());
  });
  afterEach(() => intake.close());

  const run = (auditor: Auditor, verifyMonths = 0) => {
    const archive = { store: intake.folder, stored: async () => undefined };
    return report({ ...intake, stage: 'prod', reports: intake.folder, auditor, verifyMonths, archive });
  };
  const written = async () =>
    JSON.parse(Buffer.from((await intake.folder.read('reports/prod-2026-10.json')) ?? []).toString());

  it('is written down, and told once', async () => {
    await intake.jobs.create(
      newJob('a.mov', { createdMs: Date.parse('2026-10-07'), state: { status: 'done', manifest: 'm' } }),
    );
    await intake.jobs.create(
      newJob('b.mov', { createdMs: Date.parse('2026-11-01'), state: { status: 'done', manifest: 'm' } }),
    );
    await run(good);
    await run(good);
    expect(await written()).toMatchObject({
      month: '2026-10',
      stage: 'prod',
      acts: { read: [{ who: 'ana', what: 'PutBucketPolicy', times: 2 }] },
      jobs: { read: [{ recipe: 'preserve', done: 1 }] },
    });
    expect(intake.notices).toEqual([
      expect.objectContaining({
        kind: 'report',
        summary: 'Reelmill prod, 2026-10: everything is as it should be; spent $1.75; 1 jobs done, 0 failed',
        details: { '$ preserve': '1.25', '$ no recipe': '0.50' },
      }),
    ]);
  });

  it('says first what is not as it should be', async () => {
    const findings = async () => [{ where: 'media', what: 'closed to the public', isSo: false, detail: '{}' }];
    await run({ ...good, findings });
    expect(intake.notices[0]?.summary).toContain('2026-10: not as it should be: media: closed to the public;');
  });

  it('says what could not be read, and tells the rest', async () => {
    await run({ ...good, spending: () => Promise.reject(new Error('no permission')) });
    expect(await written()).toMatchObject({ spending: { problem: 'no permission' }, findings: { read: [{}] } });
    expect(intake.notices[0]?.summary).toContain('could not be read: spending');
  });

  it('walks a share of the archive where the stage asks for it, and names what is missing', async () => {
    const text = JSON.stringify(manifestFixture());
    await intake.folder.write('output/preserve/a.mov/manifest.json', text, 'application/json');
    await run(good);
    expect(await written()).not.toHaveProperty('archive');
    expect(intake.notices[0]?.summary).not.toContain('of the archive');
    intake.pass(31 * 86_400_000);
    await run(good, 1);
    const [, { summary = '', details = {} } = {}] = intake.notices;
    expect(summary).toMatch(
      /of the archive, 1\/1 of it looked at \(\d+ files by their stored sums, bits not read\): \d+ missing/,
    );
    expect(Object.entries(details)).toContainEqual([expect.stringMatching(/^output\/preserve\/a\.mov\//), 'missing']);
  });

  it('proposes a smaller task for a recipe whose jobs left most of theirs unused', async () => {
    const usage = { vcpu: 8, memoryBytes: 16 * 2 ** 30, peakMemoryBytes: 2 ** 30, cpuSeconds: 1, wallSeconds: 1 };
    const job = newJob('a.mov', { createdMs: Date.parse('2026-10-07') });
    await intake.jobs.create(job);
    await intake.jobs.note(job.id, { usage });
    await run(good);
    expect(intake.notices[0]?.details).toMatchObject({ 'preserve needs no more than': '2 vCPU and 4096 MiB' });
  });
});
