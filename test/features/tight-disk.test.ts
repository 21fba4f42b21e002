import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, testMill } from '../support/mill.ts';

/** Warnings of the disk; others tell of what a lossless source loses. */
const ofDisk = ({ events }: Milled) =>
  events.flatMap((event) => (event.type === 'warning' && / of disk, /.test(event.message) ? [event.message] : []));

describe('a disk with less room than the plan needs', () => {
  let source: string;
  beforeAll(async () => {
    const args = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=0.4', '-c:v', 'libx264', '-qp', '0'];
    source = await makeClip({ file: 'tight.mp4', args });
  });

  it('is told of before the work, once, and tried all the same', async () => {
    const mill = await testMill({ freeBytes: 2000 });
    const first = await mill.run(source, 'preserve');
    expect(first.outcome).toMatchObject({ status: 'done' });
    expect(ofDisk(first)).toEqual([expect.stringMatching(/^this may take .+ of disk, and 2\.00 kB are free/)]);
    const places = first.events.map(({ type }) => type);
    expect(places.indexOf('warning')).toBeLessThan(places.indexOf('segment.done'));
  });

  it('is not told of where there is room', async () => {
    expect(ofDisk(await (await testMill()).run(source, 'preserve'))).toEqual([]);
  });
});
