import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { onSmallDisk } from '../support/limits.ts';
import { QUICK, reelmill, runOf, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'lossless=true'];
/** The job table and what else is small. */
const TABLE = 300_000;

describe('a disk that runs full', () => {
  let source: string;
  let pieces: number;
  beforeAll(async () => {
    const noise = ['-f', 'lavfi', '-i', 'nullsrc=size=320x240:rate=25:duration=3,geq=random(1)*255:128:128'];
    source = await makeClip({ file: 'noise.mp4', args: [...noise, '-c:v', 'libx264', '-g', '25', '-threads', '1'] });
    const { events } = await runReelmill(source, { out: await temporaryFolder(), set: LARGER });
    pieces = events.reduce((sum, { type, bytes }) => sum + (type === 'segment.done' ? Number(bytes) : 0), 0);
  });

  it.each([
    { when: 'while a segment is encoded', disk: 'work', bytes: () => TABLE + pieces / 6 },
    { when: 'while the segments are joined', disk: 'work', bytes: () => TABLE + pieces * 1.4 },
    { when: 'while the result is published', disk: 'out', bytes: () => pieces / 2 },
    { when: 'before anything is begun', disk: 'work', bytes: () => 20_000 },
  ] as const)('$when ends the job with 73, and nothing half done appears', async ({ disk, bytes }) => {
    const places = { out: await temporaryFolder(), work: await temporaryFolder() };
    const under = onSmallDisk(places[disk], Math.round(bytes()));
    const { code, last, stderr } = await reelmill(runOf([source], { ...places, set: LARGER }), { under });
    expect({ code, last, stderr }).toMatchObject({ code: 73, last: { type: 'job.failed', code: 'disk-full' } });
    expect(await readdir(places.out)).not.toContain('preserve');
    expect(stderr).not.toMatch(/^\.\/preserve\/.*(mp4|manifest\.json|report\.html)$/m); // what lies on the small disk at the end
  });
});
