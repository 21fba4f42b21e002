import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { noisyClip, qualityOf, vmafFor } from '../support/quality-asked.ts';

describe('a quality asked for', () => {
  it.each([
    { vmaf: 99, lies: 'below', crf: (found: number) => found < 23 },
    { vmaf: 70, lies: 'above', crf: (found: number) => found > 28 },
  ])('of $vmaf, which lies $lies the recommended CRFs, is reached all the same', async ({ vmaf, crf }) => {
    const found = await qualityOf({ vmaf });
    expect(crf(found.crf)).toBe(true);
    const { target = 0, mean = 0 } = found.quality ?? {};
    expect(mean).toBeGreaterThanOrEqual(target - 0.1);
    expect(mean).toBeLessThanOrEqual(target + 0.5);
    expect(found.warnings).not.toContainEqual(expect.stringMatching(/CRF/));
  });

  it('that every CRF exceeds ends at the highest, and says so', async () => {
    const still = ['-f', 'lavfi', '-i', 'smptebars=size=192x128:rate=25:duration=2', '-c:v', 'libx264', '-qp', '8'];
    const film = await makeClip({ file: 'still.mp4', args: [...still, '-pix_fmt', 'yuv420p'] });
    const { crf, warnings } = await qualityOf({ vmaf: 70 }, film);
    expect(crf).toBe(40);
    expect(warnings).toContainEqual(expect.stringMatching(/even CRF 40 gives more than VMAF 70/));
  });
});

it('is searched on samples in a film that can only be read from its start', async () => {
  const { args } = noisyClip;
  const longer = args.map((each) => each.replace('duration=4', 'duration=10'));
  const film = await makeClip({ file: 'noisy.ts', args: longer });
  const [best, worst] = [(await qualityOf({ crf: 23 }, film)).quality, (await qualityOf({ crf: 28 }, film)).quality];
  const vmaf = vmafFor(((best?.mean ?? 0) + (worst?.mean ?? 0)) / 2, best);
  const { quality, milled } = await qualityOf({ vmaf }, film);
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
  const file = await qualityOf(asked, await makeClip({ file: 'fields.mkv', args }));
  const stream = await qualityOf(asked, await makeClip({ file: 'fields.ts', args }));
  expect(stream.quality?.metric).toBe(file.quality?.metric);
  expect(Math.abs((stream.quality?.mean ?? 0) - (file.quality?.mean ?? 100))).toBeLessThan(0.3);
  expect(stream.warnings.filter((each) => each.includes('measured again'))).toEqual([]);
});

it('says of a small picture that VMAF is not measured of it', async () => {
  const small = ['-f', 'lavfi', '-i', 'testsrc2=size=80x48:rate=25:duration=2', '-c:v', 'libx264', '-qp', '5'];
  const { quality, warnings } = await qualityOf({ vmaf: 90 }, await makeClip({ file: 'small.mp4', args: small }));
  expect(quality?.metric).toBe('ssim');
  const told = 'VMAF is not measured of pictures with fewer than 64 lines or columns: ssim';
  expect(warnings).toContainEqual(expect.stringContaining(told));
});

it('is searched in AV1 among numbers of its own, all whole', async () => {
  const [best, worst] = [
    (await qualityOf({ codec: 'av1', crf: 31 })).quality,
    await qualityOf({ codec: 'av1', crf: 43 }),
  ];
  const vmaf = vmafFor(((best?.mean ?? 0) + (worst.quality?.mean ?? 0)) / 2, best);
  const { quality, crf } = await qualityOf({ codec: 'av1', vmaf });
  expect(Number.isInteger(crf)).toBe(true);
  expect(crf).toBeGreaterThan(31);
  expect(crf).toBeLessThan(43);
  expect(quality?.mean).toBeGreaterThanOrEqual((quality?.target ?? 0) - 0.5);
  expect(quality?.mean).toBeLessThanOrEqual((quality?.target ?? 0) + 2);
});
