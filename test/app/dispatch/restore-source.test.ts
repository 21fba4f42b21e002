import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sweep } from '../../../app/dispatch/sweep.ts';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import type { ArchivedSource } from '../../../core/ports/inbox.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const KEY = 'input/preserve/clip.mov';
const HOUR_MS = 3_600_000;

describe('a source in an archive class', () => {
  let intake: TestIntake;
  let archived: ArchivedSource | undefined;
  let asked: string[];

  beforeEach(async () => {
    const made = await testIntake();
    asked = [];
    archived = { className: 'deep-archive', bytes: 4e9, isRestoring: false };
    const inbox = {
      ...made.inbox,
      archived: async () => archived,
      restore: async (key: string, { className }: ArchivedSource, tier: string) => {
        asked.push(`${key} ${className} ${tier}`);
        if (archived) archived = { ...archived, isRestoring: true };
      },
    };
    intake = Object.assign(made, { inbox });
    await intake.folder.write(KEY, 'some bytes', 'video/mp4');
  });
  afterEach(() => intake.close());

  const job = async () => {
    const [only] = await intake.jobs.list(10);
    return only;
  };

  it('is asked for once, told with time and cost, and its job waits without a machine', async () => {
    await takeDrop(KEY, intake);
    await takeDrop(KEY, intake);
    expect(asked).toEqual([`${KEY} deep-archive bulk`]);
    expect(intake.sent).toEqual([]);
    const found = await job();
    expect(found?.state).toMatchObject({ status: 'restoring', tier: 'bulk' });
    expect(found?.sent).toBeUndefined();
    // 48 hours; 4 GB at $0.0025, one request at $0.000025, and a copy of 4 GB for 7 of 30 days at $0.023
    const { expectedMs = 0, usd = 0 } = found?.state.status === 'restoring' ? found.state : {};
    expect(expectedMs - (found?.createdMs ?? 0)).toBe(48 * HOUR_MS);
    expect(usd).toBeCloseTo(4 * 0.0025 + 0.000025 + ((4 * 7) / 30) * 0.023, 4);
    expect(intake.notices).toMatchObject([
      {
        kind: 'restoring',
        summary: `${KEY} lies in Glacier Deep Archive; it is made readable, and its job begins by itself then`,
        details: { cost: '$0.03', size: '4.00 GB', tier: 'bulk' },
      },
    ]);
  });

  it('is worked on when S3 says that it can be read, and once', async () => {
    await takeDrop(KEY, intake);
    intake.pass(30 * HOUR_MS);
    archived = undefined;
    expect((await takeDrop(KEY, intake)).outcome).toBe('sent');
    intake.pass(120_000);
    expect((await takeDrop(KEY, intake)).outcome).toBe('known');
    expect(intake.sent).toHaveLength(1);
    expect((await job())?.state.status).toBe('queued');
  });

  it('is looked after where that event was lost', async () => {
    await takeDrop(KEY, intake);
    intake.pass(2 * HOUR_MS);
    await sweep({ ...intake, upkeep: [] });
    expect(intake.sent).toEqual([]); // not readable yet
    archived = undefined;
    intake.pass(48 * HOUR_MS);
    await sweep({ ...intake, upkeep: [] });
    expect(intake.sent).toHaveLength(1);
    expect(asked).toHaveLength(1);
    expect(intake.notices).toHaveLength(1);
  });

  it('is asked for again where its copy went before it was read', async () => {
    await takeDrop(KEY, intake);
    archived = { className: 'deep-archive', bytes: 4e9, isRestoring: false };
    intake.pass(9 * 24 * HOUR_MS);
    await takeDrop(KEY, intake);
    expect(asked).toHaveLength(2);
    expect(intake.notices).toHaveLength(2);
    expect((await job())?.state).toMatchObject({ status: 'restoring' });
  });

  it('that somebody else asked for is waited for', async () => {
    archived = { className: 'it-archive', bytes: 4e9, isRestoring: true };
    await takeDrop(KEY, intake);
    expect(asked).toEqual([]);
    expect((await job())?.state.status).toBe('restoring');
  });
});
