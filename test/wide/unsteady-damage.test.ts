import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Ports } from '../../core/ports/ports.ts';
import { fileOf, makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';

const run = promisify(execFile);

/** A film of ProRes, and the same with a stretch of zeros, of which the decoder says nothing: it only marks the frame. */
async function films() {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1', '-pix_fmt', 'yuv422p10le', '-threads', '1'];
  const whole = await makeClip({ file: 'whole.mov', args: [...picture, '-c:v', 'prores_ks'] });
  const bytes = await readFile(whole);
  bytes.fill(0, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 900);
  return { whole, damaged: await fileOf('damaged.mov', bytes) };
}

/** ffmpeg decodes such frames to what lay in memory before, so that a comparison may fail by chance: here it always does. */
const unlike = ({ measurer }: Ports): Partial<Ports> => ({
  measurer: { ...measurer, compareFrames: async () => ({ equal: false, detail: 'other pictures' }) },
});

it.each([
  { film: 'damaged', code: 'bad-input', exitCode: 65 },
  { film: 'whole', code: 'not-exact', exitCode: 70 },
] as const)('a comparison that fails is the fault of a film that is $film: $code', async ({ film, code, exitCode }) => {
  const mill = await testMill({ between: unlike });
  const source = await mill.own((await films())[film]);
  const { outcome } = await mill.run(source, 'preserve', { ...QUICK, lossless: 'true', evenIfLarger: 'true' });
  expect(outcome).toMatchObject({ status: 'failed', code, exitCode });
});

/** The comparison fails, as it does by chance, unless the damaged frames are left out of it. */
const unlikeWhereDamaged = ({ measurer }: Ports): Partial<Ports> => ({
  measurer: {
    ...measurer,
    compareFrames: async (task, options) =>
      task.unsteady ? measurer.compareFrames(task, options) : { equal: false, detail: 'other pictures' },
  },
});

it('a film of which each decode gives another picture of one damaged frame is compared without it, and says so', async () => {
  const mill = await testMill({ between: unlikeWhereDamaged });
  const source = await mill.own((await films()).damaged);
  const { outcome, manifest } = await mill.run(source, 'preserve', {
    ...QUICK,
    lossless: 'true',
    evenIfLarger: 'true',
  });
  expect(outcome).toMatchObject({ status: 'done' });
  const { warnings, renditions } = await manifest();
  expect(warnings).toContainEqual(
    expect.stringContaining('a second way was taken (the comparison leaves out a damaged frame)'),
  );
  expect(warnings).toContainEqual('1 frame near 0:00 of the source could not be decoded without errors');
  expect(renditions[0]?.checks).toContainEqual(
    expect.objectContaining({ detail: expect.stringContaining('24 decoded frames are equal by hash') }),
  );
});

/** How often ffmpeg itself says that a frame is corrupt, which it does as a warning. */
async function marked(source: string): Promise<number> {
  const { stderr } = await run('ffmpeg', ['-v', 'warning', '-threads', '1', '-i', source, '-f', 'null', '-']);
  return stderr.match(/corrupt decoded frame/g)?.length ?? 0;
}

it.each([
  { film: 'damaged', frames: 1, recipe: 'preserve', settings: { ...QUICK, evenIfLarger: 'true' } },
  { film: 'damaged', frames: 1, recipe: 'mezzanine', settings: {} },
  { film: 'whole', frames: 0, recipe: 'preserve', settings: { ...QUICK, evenIfLarger: 'true' } },
] as const)(
  'tells of frames that the decoder only marks: $frames of a film that is $film, $recipe',
  async ({ film, frames, recipe, settings }) => {
    const source = (await films())[film];
    expect(await marked(source)).toBe(frames);
    const { manifest } = await milledFile(source, settings, recipe);
    const told = manifest.warnings.filter((warning) => warning.includes('could not be decoded without errors'));
    const sentence = '1 frame near 0:00 of the source could not be decoded without errors';
    expect(told).toEqual(frames === 0 ? [] : [sentence]);
  },
);

/** A transport stream, and one with other bytes in a picture of it. */
async function transportStreams() {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1,noise=alls=60:allf=t:all_seed=1'];
  const whole = await makeClip({ file: 'whole.ts', args: [...picture, '-c:v', 'mpeg2video', '-q:v', '2'] });
  const bytes = await readFile(whole);
  const packet = 188 * Math.floor(bytes.length / 2 / 188);
  bytes.fill(0x55, packet + 20, packet + 170);
  return { whole, damaged: await fileOf('damaged.ts', bytes) };
}

it.each([
  { film: 'damaged', threads: ['several', 'one'] },
  { film: 'whole', threads: ['several'] },
] as const)('decodes a transport stream that is $film by these threads: $threads', async ({ film, threads }) => {
  const asked: string[] = [];
  const mill = await testMill({
    between: ({ reader }) => ({
      reader: {
        ...reader,
        surveyFrames: (source, options) => {
          asked.push(source.probe.byOneThread ? 'one' : 'several');
          return reader.surveyFrames(source, options);
        },
      },
    }),
  });
  const { outcome, manifest } = await mill.run(await mill.own((await transportStreams())[film]), 'preserve', {
    ...QUICK,
    evenIfLarger: 'true',
  });
  expect(outcome).toMatchObject({ status: 'done' });
  expect(asked).toEqual(threads);
  expect((await manifest()).warnings.filter((warning) => warning.includes('second way'))).toEqual([]);
});
