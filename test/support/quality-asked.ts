import { expect } from '@jest/globals';
import type { Quality } from '../../core/job/manifest.ts';
import { isMetric } from '../../core/quality/metric.ts';
import { targetFor } from '../../core/quality/target.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from './mill.ts';

/** Noise over a moving picture: hard enough for x265 that its quality depends on the CRF. */
export const noisyClip = {
  file: 'noisy.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=192x128:rate=25:duration=4', '-vf', 'noise=alls=2:allf=t,gblur=0.7'],
    ...['-c:v', 'libx264', '-qp', '8', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-threads', '1', '-g', '25'],
  ],
};

let mill: Promise<TestMill> | undefined;

/** What `preserve` makes of a film in one mill, which finds the pieces of earlier tests again, and the quality that it says of it; of the noise, where no film is given. */
export async function qualityOf(settings: RawSettings, film?: string) {
  const source = film ?? (await makeClip(noisyClip));
  mill ??= testMill();
  const milled = await (await mill).run(source, 'preserve', {
    preset: 'ultrafast',
    segmentSeconds: '1-2',
    ...settings,
  });
  expect(milled.outcome).toMatchObject({ status: 'done' });
  const { renditions, warnings } = await milled.manifest();
  const [rendition] = renditions;
  const crf = Number(rendition?.command[1 + (rendition?.command.indexOf('-crf') ?? 0)]);
  return { quality: rendition?.quality, checks: rendition?.checks ?? [], crf, warnings, milled };
}

/** The VMAF to ask for so that a score in whatever metric is at hand is the target. */
export function vmafFor(score: number, quality: Quality | undefined): number {
  const metric = quality?.metric ?? '';
  if (!isMetric(metric)) throw new Error(`${metric} was measured`);
  let [low, high] = [70, 99];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (targetFor(metric, middle).score < score) low = middle;
    else high = middle;
  }
  return high;
}
