import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { runOf, runReelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clip = {
  file: 'three-seconds.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=10:duration=4'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'],
  ],
};
const set = ['preset=ultrafast', 'segmentSeconds=1', 'model=websr-s-rl'].flatMap((each) => ['--set', each]);

describe('upscale, killed in the middle', () => {
  it('uses the finished pieces again, and ends with the same bytes', async () => {
    const [source, killed, calm] = await Promise.all([makeClip(clip), temporaryFolder(), temporaryFolder()]);
    const held = await heldFfmpeg('*nut*libx265*');
    const victim = startReelmill(runOf([source], { out: killed, recipe: 'upscale', set }), held);
    held.letGo(1);
    await victim.says('"segment.done"');
    victim.child.kill('SIGKILL');
    expect(await victim.ended).toMatchObject({ signal: 'SIGKILL' });

    const again = await runReelmill(source, { out: killed, recipe: 'upscale', set });
    const undisturbed = await runReelmill(source, { out: calm, recipe: 'upscale', set });
    const [one, other] = [again, undisturbed].map(({ manifest }) => manifest.renditions[0]);
    expect(one?.segments.reused).toBeGreaterThanOrEqual(1);
    expect(one?.segments.encoded).toBeGreaterThanOrEqual(1);
    expect(other?.segments).toMatchObject({ total: one?.segments.total, reused: 0 });
    expect(one?.sha256).toBe(other?.sha256);
  });
});
