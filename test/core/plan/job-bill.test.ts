import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BILL_ASSUMED, type BilledWork, jobBill, paidSeconds, sameDisk } from '../../../core/plan/job-bill.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

const prices = listedPrices();
const WORK: BilledWork = {
  way: 'single',
  isOnCard: false,
  architecture: 'x86',
  size: { vcpu: 4, memoryMiB: 8192 },
  tasks: 1,
  encodeSeconds: 4 * 3000,
  verifySeconds: 4 * 420,
  disks: sameDisk({ gib: 100, isVolume: false }),
  sourceBytes: 12.5e9,
  resultBytes: 1.25e9,
  pieces: 90,
};

describe('the bill of a job', () => {
  it('is paid from the start to the last byte: 60 s, the source and twice the result at 125 MB/s, the work', () => {
    expect(BILL_ASSUMED).toMatchObject({ containerStartSeconds: 60, networkBytesASecond: 125e6 });
    expect(paidSeconds(WORK)).toBe(60 + 100 + 2 * 10 + 3000 + 420);
  });

  it('counts in both markets what is paid beside the processors: an hour of 4 vCPU, 8 GiB, 100 GiB, an address', () => {
    const lines = (market: 'spot' | 'on-demand') =>
      Object.fromEntries(jobBill(WORK, market, prices).lines.map(({ what, usd }) => [what, usd]));
    const shared = {
      disk: expect.closeTo(80 * 0.000111, 9),
      'public address': expect.closeTo(0.005, 9),
      // 96 files written and 91 read
      'requests to S3': expect.closeTo(96 * 5e-6 + 91 * 4e-7, 9),
      functions: expect.closeTo(2 * (2e-7 + 0.25 * 1.33334e-5), 12),
      'job table': expect.closeTo(5 * (6.25e-7 + 1.25e-7), 12),
      queue: expect.closeTo(3 * 4e-7, 12),
    };
    expect(lines('spot')).toEqual({
      ...shared,
      processors: expect.closeTo(4 * 0.012144, 9),
      memory: expect.closeTo(8 * 0.0013335, 9),
    });
    expect(lines('on-demand')).toEqual({
      ...shared,
      processors: expect.closeTo(4 * 0.04048, 9),
      memory: expect.closeTo(8 * 0.004445, 9),
    });
  });

  it('has a start for each container of a workflow, its transitions, and of the source what each fetches', () => {
    const work: BilledWork = { ...WORK, way: 'workflow', tasks: 10 };
    // plan and join fetch all of it, the tasks together a tenth more than that, and an index of 8 MB each
    const fetching = 2 * 100 + 1.1 * 100 + 10 * 0.064;
    expect(paidSeconds(work)).toBeCloseTo(12 * 60 + fetching + 3 * 10 + 3000 + 420, 6);
    // a task alone fetches what it encodes, which is all
    expect(paidSeconds({ ...work, tasks: 1 })).toBeCloseTo(3 * 60 + 3 * 100 + 3 * 10 + 3000 + 420, 6);
    expect(jobBill(work, 'spot', prices).lines).toContainEqual({ what: 'workflow', usd: 10 * 2.5e-5 });
  });

  it('counts the disk of each kind of container for its own time', () => {
    const [plan, segment, join] = [200, 21, 50].map((gib) => ({ gib, isVolume: false }));
    if (!plan || !segment || !join) throw new Error('three disks');
    const work: BilledWork = { ...WORK, way: 'workflow', tasks: 10, disks: { plan, segment, join } };
    // 60 + 100; 10 * 60 + 1.1 * 100 + 10 * 0.064 + 3000 + 10; 60 + 100 + 20 + 420
    const gibSeconds = 180 * 160 + 1 * 3720.64 + 30 * 600;
    const disk = jobBill(work, 'spot', prices).lines.find(({ what }) => what === 'disk');
    expect(disk?.usd).toBeCloseTo((gibSeconds / 3600) * 0.000111, 9);
  });

  it('counts a machine and its volume where a disk is larger than those of Fargate', () => {
    const work: BilledWork = { ...WORK, disks: sameDisk({ gib: 500, isVolume: true }) };
    const hours = (60 + 100 + 20 + (4 * 3420) / 16) / 3600; // by its 16 vCPUs
    expect(jobBill(work, 'spot', prices).lines.slice(0, 3)).toEqual([
      { what: 'machine (m5a.4xlarge)', usd: expect.closeTo(hours * 0.3094, 9) },
      { what: 'disk', usd: expect.closeTo((hours * 500 * 0.08) / 730, 9) },
      { what: 'public address', usd: expect.closeTo(hours * 0.005, 9) },
    ]);
    expect(jobBill(work, 'on-demand', prices).lines[0]?.usd).toBeCloseTo(hours * 0.688, 9);
  });

  it('is that of a machine with a card, with its start, its volume, and the time that Batch keeps it', () => {
    const work: BilledWork = { ...WORK, isOnCard: true, encodeSeconds: 2540 };
    // 240 + 300 + 100 + 20 + 2540 + 420 = 3620 s
    const hours = 3620 / 3600;
    expect(jobBill(work, 'spot', prices).lines.slice(0, 3)).toEqual([
      { what: 'machine (g4dn.xlarge)', usd: expect.closeTo(hours * 0.2, 9) },
      { what: 'disk', usd: expect.closeTo((hours * 200 * 0.08) / 730, 9) },
      { what: 'public address', usd: expect.closeTo(hours * 0.005, 9) },
    ]);
  });

  it('grows with the work and is never dearer on Spot', () => {
    const anySeconds = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(anySeconds, anySeconds, fc.boolean(), (encodeSeconds, more, isOnCard) => {
        const [less, larger] = [encodeSeconds, encodeSeconds + more].map((seconds) =>
          jobBill({ ...WORK, isOnCard, encodeSeconds: seconds }, 'on-demand', prices),
        );
        expect(larger?.usd).toBeGreaterThanOrEqual(less?.usd ?? 0);
        expect(jobBill({ ...WORK, isOnCard, encodeSeconds }, 'spot', prices).usd).toBeLessThanOrEqual(less?.usd ?? 0);
      }),
    );
  });
});
