import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Quality } from '../../core/job/manifest.ts';
import { isMetric } from '../../core/quality/metric.ts';
import { targetFor } from '../../core/quality/target.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';

/** Noise over a moving picture: hard enough for x265 that its quality depends on the CRF. */
const clip = {
  file: 'noisy.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=192x128:rate=25:duration=4', '-vf', 'noise=alls=2:allf=t,gblur=0.7'],
    ...['-c:v', 'libx264', '-qp', '8', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-threads', '1', '-g', '25'],
  ],
};

let mill: TestMill;
let source: string;
beforeAll(async () => {
  mill = await testMill();
  source = await makeClip(clip);
});

async function made(settings: RawSettings, film = source) {
  const milled = await mill.run(film, 'preserve', { preset: 'ultrafast', segmentSeconds: '1-2', ...settings });
  expect(milled.outcome).toMatchObject({ status: 'done' });
  const { renditions, warnings } = await milled.manifest();
  const [rendition] = renditions;
  const crf = Number(rendition?.command[1 + (rendition?.command.indexOf('-crf') ?? 0)]);
  return { quality: rendition?.quality, checks: rendition?.checks ?? [], crf, warnings, milled };
}

/** The VMAF to ask for so that a score in whatever metric is at hand is the target. */
function vmafFor(score: number, quality: Quality | undefined): number {
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

describe('a quality asked for', () => {
  it('is searched on samples, reached by the finished file, and stands in the manifest', async () => {
    const [any, worst] = [(await made({ crf: 23 })).quality, (await made({ crf: 28 })).quality?.mean ?? 0];
    const best = any?.mean ?? 0;
    expect(best).toBeGreaterThan(worst);
    const vmaf = vmafFor((best + worst) / 2, any);
    const { quality, crf, milled } = await made({ vmaf });
    const metric = quality?.metric ?? '';
    if (!isMetric(metric)) throw new Error(`${metric} was measured`);
    const target = targetFor(metric, vmaf);
    expect(quality?.target).toBeCloseTo(target.score, 6);
    expect(quality?.mean).toBeGreaterThanOrEqual(target.score - target.tolerance / 3);
    expect(quality?.projected).toBeGreaterThanOrEqual(target.score);
    expect(crf).toBeGreaterThan(23);
    expect(crf).toBeLessThan(28);
    expect(milled.events).toContainEqual(expect.objectContaining({ type: 'progress', phase: 'quality' }));
  });

  it.each([
    { vmaf: 99, lies: 'below', crf: (found: number) => found < 23 },
    { vmaf: 70, lies: 'above', crf: (found: number) => found > 28 },
  ])('of $vmaf, which lies $lies the recommended CRFs, is reached all the same', async ({ vmaf, crf }) => {
    const found = await made({ vmaf });
    expect(crf(found.crf)).toBe(true);
    const { target = 0, mean = 0 } = found.quality ?? {};
    expect(mean).toBeGreaterThanOrEqual(target - 0.1);
    expect(mean).toBeLessThanOrEqual(target + 0.5);
    expect(found.warnings).not.toContainEqual(expect.stringMatching(/CRF/));
  });

  it('that every CRF exceeds ends at the highest, and says so', async () => {
    const still = ['-f', 'lavfi', '-i', 'smptebars=size=192x128:rate=25:duration=2', '-c:v', 'libx264', '-qp', '8'];
    const film = await makeClip({ file: 'still.mp4', args: [...still, '-pix_fmt', 'yuv420p'] });
    const { crf, warnings } = await made({ vmaf: 70 }, film);
    expect(crf).toBe(40);
    expect(warnings).toContainEqual(expect.stringMatching(/even CRF 40 gives more than VMAF 70/));
  });
});

it('is searched on samples in a film that can only be read from its start', async () => {
  const { args } = clip;
  const longer = args.map((each) => each.replace('duration=4', 'duration=10'));
  const film = await makeClip({ file: 'noisy.ts', args: longer });
  const [best, worst] = [(await made({ crf: 23 }, film)).quality, (await made({ crf: 28 }, film)).quality];
  const vmaf = vmafFor(((best?.mean ?? 0) + (worst?.mean ?? 0)) / 2, best);
  const { quality, milled } = await made({ vmaf }, film);
  expect(quality?.mean).toBeGreaterThanOrEqual((quality?.target ?? 0) - 0.1);
  expect(quality?.mean).toBeLessThanOrEqual((quality?.target ?? 0) + 0.5);
  expect(quality?.projected).toBeGreaterThanOrEqual(quality?.target ?? 100);
  const tried = milled.events.flatMap((event) => (event.type === 'quality.tried' ? [event.over] : []));
  expect(tried).toContain('samples');
});

it('is measured of a transport stream by the metric of all films, also where its fields are in the other order', async () => {
  const fields = ['-vf', 'tinterlace=interleave_bottom,setfield=bff', '-flags', '+ilme+ildct', '-top', '0'];
  const args = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=192x128:rate=50:duration=2',
    ...fields,
    '-c:v',
    'mpeg2video',
    '-q:v',
    '2',
  ];
  const asked = { crf: 20, deinterlace: 'on' };
  const file = await made(asked, await makeClip({ file: 'fields.mkv', args }));
  const stream = await made(asked, await makeClip({ file: 'fields.ts', args }));
  expect(stream.quality?.metric).toBe(file.quality?.metric);
  expect(Math.abs((stream.quality?.mean ?? 0) - (file.quality?.mean ?? 100))).toBeLessThan(0.3);
  expect(stream.warnings.filter((each) => each.includes('measured again'))).toEqual([]);
});

it('says of a small picture that VMAF is not measured of it', async () => {
  const small = ['-f', 'lavfi', '-i', 'testsrc2=size=80x48:rate=25:duration=2', '-c:v', 'libx264', '-qp', '5'];
  const { quality, warnings } = await made({ vmaf: 90 }, await makeClip({ file: 'small.mp4', args: small }));
  expect(quality?.metric).toBe('ssim');
  const told = 'VMAF is not measured of pictures with fewer than 64 lines or columns: ssim';
  expect(warnings).toContainEqual(expect.stringContaining(told));
});

it('is searched in AV1 among numbers of its own, all whole', async () => {
  const [best, worst] = [(await made({ codec: 'av1', crf: 31 })).quality, await made({ codec: 'av1', crf: 43 })];
  const vmaf = vmafFor(((best?.mean ?? 0) + (worst.quality?.mean ?? 0)) / 2, best);
  const { quality, crf } = await made({ codec: 'av1', vmaf });
  expect(Number.isInteger(crf)).toBe(true);
  expect(crf).toBeGreaterThan(31);
  expect(crf).toBeLessThan(43);
  expect(quality?.mean).toBeGreaterThanOrEqual((quality?.target ?? 0) - 0.5);
  expect(quality?.mean).toBeLessThanOrEqual((quality?.target ?? 0) + 2);
});

it('checks that the frames are in step, and says how many were measured', async () => {
  const { quality, checks } = await made({ crf: 24 });
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['quality above the floor', 'colours match the source', 'frames in step with the source']),
  );
  expect(checks.every(({ passed }) => passed)).toBe(true);
  expect(quality?.sampledFrames).toBeGreaterThanOrEqual(16);
});
