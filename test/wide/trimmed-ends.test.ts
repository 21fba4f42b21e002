import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { withEdits } from '../fixtures/progressive-edits.ts';
import { streamOf } from '../support/ffprobe.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { beginnings } from '../support/samples.ts';

/** Movies of ffmpeg count 1000 ticks a second, and its picture of 25 frames a second 12800. */
const [MOVIE, PICTURE] = [1000, 12_800];

const WHOLE = {
  file: 'trimmed-ends.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=6', '-f', 'lavfi', '-i', 'sine=d=6:sample_rate=48000'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '100', '-c:a', 'aac'],
  ],
};

/** The film of which one edit shows the first 2.5 s, and whose picture goes on behind it until the keyframe at 4 s. */
const trimmed = () =>
  makeClip({
    ...WHOLE,
    edit: (mp4) =>
      withEdits(1, [{ lasts: 2.5 * MOVIE, from: 1024 }])(
        withEdits(0, [{ lasts: 2.5 * MOVIE, from: 2 * (PICTURE / 25) }])(mp4),
      ),
  });

describe('a film that an edit list ends between two keyframes', () => {
  it.each([
    ['preserve', { ...QUICK, evenIfLarger: 'true' }, 'preserve.mp4'],
    ['preserve', { ...QUICK, evenIfLarger: 'true', container: 'mkv' }, 'preserve.mkv'],
    ['vj', {}, 'hap.mov'],
    ['ladder', QUICK, 'sd.mp4'],
  ] as const)('lasts as long as its edit, made by %s with %j', async (recipe, settings, name) => {
    const { manifest, path } = await milledFile(await trimmed(), settings, recipe);
    const [rendition] = manifest.renditions;
    expect(rendition?.checks.filter(({ passed }) => !passed)).toEqual([]);
    const { duration, tags } = await streamOf(path(name));
    const seconds = Number(
      duration ??
        String((tags as unknown as { DURATION: string }).DURATION)
          .split(':')
          .at(-1),
    );
    expect(seconds).toBeGreaterThan(2.4);
    expect(seconds).toBeLessThan(2.65);
  });
});

const IMPULSES = {
  file: 'several-edits.mp4',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=8', '-f', 'lavfi', '-i'],
    "aevalsrc=exprs='0.02*sin(440*2*PI*t)+0.9*lt(mod(t+0.3\\,0.7)\\,0.003)':s=48000:d=8",
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50', '-c:a', 'aac'],
  ],
};
/** The last seconds come first, and the middle behind them; or with a second in which nothing is shown. */
const EDITS: Readonly<Record<'turned' | 'paused', readonly (readonly [lasts: number, from: number])[]>> = {
  turned: [
    [2, 5.08],
    [1.5, 3.08],
    [2, 0.52],
  ],
  paused: [
    [1.5, 1.08],
    [1, -1],
    [2, 4.52],
  ],
};

const edited = (way: keyof typeof EDITS, spec = IMPULSES) => {
  const list = (ticks: number, delay: number) =>
    EDITS[way].map(([lasts, from]) => ({
      lasts: lasts * MOVIE,
      from: from < 0 ? -1 : Math.round(from * ticks) + delay,
    }));
  return makeClip({
    ...spec,
    edit: (mp4) => withEdits(1, list(48_000, 1024))(withEdits(0, list(PICTURE, 2 * (PICTURE / 25)))(mp4)),
  });
};

/** When impulses are heard before the end of both films, by ffmpeg's decoder and the times of the file. */
async function impulsesIn(path: string): Promise<readonly number[]> {
  const filled = ['-map', '0:a:0', '-af', 'aresample=async=1:min_hard_comp=0.01:first_pts=0', '-ac', '1'];
  const { stdout } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', path, ...filled, '-f', 's16le', '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  });
  return beginnings(
    Float64Array.from({ length: stdout.length / 2 }, (_, i) => stdout.readInt16LE(2 * i) / 2 ** 15),
    48_000,
    0.3,
  ).filter((seconds) => seconds < 5.4);
}

describe('a film of several edits', () => {
  const archive = { ...QUICK, evenIfLarger: 'true' };
  it.each([
    ['turned', 'preserve', archive, 'preserve.mp4'],
    ['paused', 'preserve', archive, 'preserve.mp4'],
    ['turned', 'preserve', { ...archive, container: 'mkv' }, 'preserve.mkv'],
    ['paused', 'ladder', QUICK, 'sd.mp4'],
    ['turned', 'ladder', QUICK, 'sd.mp4'],
    ['turned', 'vj', {}, 'hap.mov'],
    ['paused', 'vj', {}, 'hap.mov'],
    ['turned', 'mezzanine', {}, '422.mov'],
  ] as const)('is heard as its edits (%s) show it, made by %s with %j', async (way, recipe, settings, name) => {
    const source = await edited(way);
    const { manifest, path } = await milledFile(source, settings, recipe);
    if (recipe !== 'vj')
      expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('hides') });
    const [was, is] = await Promise.all([source, path(name)].map(impulsesIn));
    expect(was?.length).toBeGreaterThan(4);
    expect(is?.map((seconds) => seconds.toFixed(1))).toEqual(was?.map((seconds) => seconds.toFixed(1)));
  });

  it('keeps every sample that is shown of PCM', async () => {
    const source = await edited('turned', {
      file: 'several-edits.mov',
      args: IMPULSES.args.map((each) => (each === 'aac' ? 'pcm_s16le' : each)),
    });
    const { manifest } = await milledFile(source, {}, 'mezzanine');
    expect(manifest.streams[1]).toMatchObject({ fate: 'converted', why: expect.stringContaining('the same samples') });
  });
});
