import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/test-mill.ts';

const NOISY = 'testsrc2=size=192x128:rate=25:duration=3,noise=alls=12:allf=t:all_seed=7';
const noisy = { file: 'noisy.mp4', args: ['-f', 'lavfi', '-i', NOISY, '-c:v', 'libx264', '-crf', '10', '-g', '25'] };

const QUICK = { preset: 'ultrafast', segmentSeconds: '1' };

let mill: TestMill;
let clip: string;
beforeAll(async () => {
  mill = await testMill();
  clip = await mill.own(await makeClip(noisy));
});

async function measured(target: number) {
  const run = await mill.run(clip, 'preserve', { ...QUICK, vmaf: target });
  const manifest = await run.manifest();
  const rendition = manifest.renditions[0];
  const crf = Number(rendition?.command[rendition.command.indexOf('-crf') + 1]);
  return { quality: rendition?.quality, crf, warnings: manifest.warnings };
}

describe('a quality target', () => {
  it('is reached by the whole file, and tells what its samples promised', async () => {
    const easy = await measured(99);
    const between = Math.floor((easy.quality?.mean ?? 0) - 4);
    const { quality, crf } = await measured(between);
    expect(quality).toMatchObject({ target: between, projected: expect.any(Number) });
    expect(quality?.mean).toBeGreaterThanOrEqual(between - 0.2);
    expect(crf).toBeGreaterThanOrEqual(23);
    expect(crf).toBeLessThanOrEqual(28);
    expect(quality?.sampledFrames).toBe(75);
  });

  it('that the lowest CRF does not reach is said to be out of reach', async () => {
    const { quality, crf, warnings } = await measured(99);
    expect(crf).toBe(23);
    expect(quality?.mean).toBeLessThan(99);
    expect(warnings.join()).toContain('VMAF 99 is out of reach within CRF 23-28');
  });
});
