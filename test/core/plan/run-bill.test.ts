import { describe, expect, it } from '@jest/globals';
import { jobBill, sameDisk } from '../../../core/plan/job-bill.ts';
import { runBill } from '../../../core/plan/run-bill.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

const RUN = { cores: 2, seconds: 1800, sourceBytes: 1.25e9, resultBytes: 125e6, pieces: 60 };

describe('the bill of a job that was done', () => {
  it('has every line that the plan of the same work has', () => {
    const planned = jobBill(
      {
        ...{ way: 'single', isOnCard: false, architecture: 'x86', tasks: 1, pieces: 60 },
        disks: sameDisk({ gib: 21, isVolume: false }),
        ...{ size: { vcpu: 2, memoryMiB: 4096 }, sourceBytes: 1.25e9, resultBytes: 125e6 },
        ...{ encodeSeconds: 2 * 1500, verifySeconds: 2 * 300 },
      },
      'spot',
      listedPrices(),
    );
    expect(runBill(RUN)).toMatchObject(planned);
    expect(planned.lines.map(({ what }) => what)).toEqual([
      ...['processors', 'memory', 'disk', 'public address', 'requests to S3', 'functions', 'job table', 'queue'],
    ]);
  });

  it('counts the start and the transfers that a container is paid for', () => {
    // 60 s of start, 10 s of source, twice 1 s of results, and the work, on two vCPUs
    expect(runBill(RUN).machineHours).toBeCloseTo((60 + 10 + 2 + 1800) / 3600, 9);
    expect(runBill(RUN).vcpuHours).toBeCloseTo((2 * 1872) / 3600, 9);
    expect(runBill(RUN).usd).toBeCloseTo(
      runBill(RUN).lines.reduce((sum, { usd }) => sum + usd, 0),
      12,
    );
  });

  it('counts a share of the start, and of the time, where films share a container', () => {
    // 60 s of start for twelve films, and two of them worked on at the same time
    const shared = runBill({ ...RUN, sharing: { films: 12, atOnce: 2 } });
    expect(shared.machineHours).toBeCloseTo((60 / 12 + 10 + 2 + 1800 / 2) / 3600, 9);
    expect(shared.usd).toBeLessThan(runBill(RUN).usd);
  });

  it('says what it counts and which prices it has', () => {
    expect(runBill(RUN).basis).toMatch(
      /^this machine's time, with a container's start, transfers, disk and address, as if on Fargate Spot, us-east-1, \d{4}-\d{2}/,
    );
  });

  it('counts the disk for the copies that are made of a source of several recordings', () => {
    const broadcast = { ...RUN, sourceBytes: 15e9 };
    const disk = (run: Parameters<typeof runBill>[0]) =>
      runBill(run).lines.find(({ what }) => what === 'disk')?.usd ?? 0;
    expect(disk({ ...broadcast, mayBeJoined: true }) / disk(broadcast)).toBeCloseTo((50 - 20) / (21 - 20), 6);
  });

  it.each([
    { bytes: 1.25e9, gib: 21 },
    { bytes: 30e9, gib: 50 },
    { bytes: 60e9, gib: 100 },
  ])('counts the disk that a container gets for a source of $bytes bytes: $gib GiB', ({ bytes, gib }) => {
    const { lines, machineHours } = runBill({ ...RUN, sourceBytes: bytes });
    const disk = lines.find(({ what }) => what === 'disk')?.usd;
    expect(disk).toBeCloseTo(machineHours * (gib - 20) * 0.000111, 9);
  });
});
