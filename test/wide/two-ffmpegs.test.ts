import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

/** A film that is long enough to be sampled by seeks, whose sound begins with priming before the picture does. */
const primed = (file: string, more: readonly string[] = []) => ({
  file,
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=128x96:rate=24:duration=24', '-f', 'lavfi', '-i', 'sine=duration=24'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', '-c:a', 'aac', ...more],
  ],
});

describe('a film with sound that begins before the picture, read by two versions of ffmpeg', () => {
  it.each([
    // the rungs are probed by the ffmpeg that encoded them, and compared by the one that has VMAF
    { recipe: 'ladder', set: { preset: 'ultrafast' }, film: primed('film.mp4') },
    // DXV3 is encoded by an ffmpeg of version 7, from a film that another one has indexed
    { recipe: 'vj', set: { codec: 'dxv' }, film: primed('loop.mp4', ['-movflags', 'frag_keyframe+empty_moov']) },
  ] as const)('is made by $recipe at the first attempt', async ({ recipe, set, film }) => {
    const mill = await testMill();
    const { outcome, manifest } = await mill.run(await makeClip(film), recipe, set);
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, warnings } = await manifest();
    expect(renditions.length).toBeGreaterThan(0);
    expect(warnings.filter((line) => line.includes('second way'))).toEqual([]);
  });
});
