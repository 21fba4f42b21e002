import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { ClipSpec } from '../fixtures/clips.ts';
import { makeClip } from '../fixtures/make.ts';
import { packetsAt } from '../support/ffprobe.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const both = [
  ...['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=3'],
  ...['-f', 'lavfi', '-i', 'sine=duration=3'],
];
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '25'];
const SOURCES = [
  { sound: 'AAC', file: 'aac.mp4', codec: ['-c:a', 'aac', '-b:a', '32k'] },
  { sound: 'Opus', file: 'opus.mp4', codec: ['-c:a', 'libopus', '-b:a', '32k'] },
  { sound: 'PCM', file: 'pcm.mov', codec: ['-c:a', 'pcm_s16le'] },
];
const whole = ({ file, codec }: (typeof SOURCES)[number]): ClipSpec => ({ file, args: [...both, ...x264, ...codec] });

/** Every fourth picture has the time of the one before. */
const repeating = { file: 'repeating.mkv', args: [...both, ...x264, '-bf', '0', '-bsf:v', again('pts', 'dts')] };
function again(...times: readonly string[]): string {
  const each = times.map((time) => `${time}='if(eq(mod(N,4),3),PREV_OUT${time.toUpperCase()},${time.toUpperCase()})'`);
  return `setts=${each.join(':')}`;
}
const SETTINGS = { preset: 'ultrafast', evenIfLarger: 'true' };

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

/** What `ffmpeg -ss` with `-c copy` leaves: what lies before the cut is still there, and hidden by an edit list. */
async function trimmed(path: string): Promise<string> {
  const made = `${await temporaryFolder()}/${path.split('/').at(-1)}`;
  await execa('ffmpeg', ['-v', 'error', '-ss', '1.7', '-i', path, '-map', '0', '-c', 'copy', made]);
  return made;
}

describe('a clip that was trimmed by stream copy', () => {
  it.each(SOURCES)('goes into Matroska with its $sound as far as it is to be heard', async (source) => {
    const clip = await trimmed(await makeClip(whole(source)));
    const { outcome, manifest, path } = await mill.run(clip, 'preserve', { ...SETTINGS, container: 'mkv' });
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams } = await manifest();
    expect(streams[1]).toMatchObject({
      fate: 'kept',
      why: expect.stringMatching(
        /except \d+ from before the beginning; the last ones before it stay, and are heard for \d+ ms/,
      ),
    });
    const was = await packetsAt(clip, 'a:0');
    const [is, shown] = await Promise.all(['a:0', 'v:0'].map((stream) => packetsAt(path('preserve.mkv'), stream)));
    expect(was[0]?.seconds).toBeLessThan(-0.5);
    const begins = Math.min(...(shown ?? []).map(({ seconds }) => seconds)); // the picture's first, at 0 in the source
    expect(begins).toBeLessThan(0.1);
    if (source.sound !== 'PCM') {
      const same = was.slice(-(is?.length ?? 0));
      expect(is?.map(({ hash }) => hash)).toEqual(same.map(({ hash }) => hash));
      expect((is?.[0]?.seconds ?? 0) - begins).toBeCloseTo(same[0]?.seconds ?? 0, source.sound === 'Opus' ? 1 : 2);
    }
  });

  it('is refused where it has a second picture, which needs what Matroska cannot hide', async () => {
    const second = ['-f', 'lavfi', '-i', 'testsrc=size=80x60:rate=25:duration=3', '-map', '0', '-map', '2'];
    const clip = await trimmed(await makeClip({ file: 'two.mp4', args: [...both, ...second, ...x264] }));
    const { outcome } = await mill.run(clip, 'preserve', { ...SETTINGS, container: 'mkv' });
    expect(outcome).toMatchObject({
      code: 'usage',
      reason: expect.stringMatching(/^stream 1 needs pictures.*use container=mp4$/),
    });
  });
});

describe('a clip of which two pictures have one time', () => {
  it.each(['mp4', 'mkv'])('goes into %s with both', async (container) => {
    const { outcome, manifest } = await mill.run(await makeClip(repeating), 'preserve', { ...SETTINGS, container });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await manifest()).renditions[0]?.frames).toBe(75);
  });
});

it('begins in a ladder where it does in the source: what trimming hides of its sound is not heard', async () => {
  const folder = await temporaryFolder();
  const [whole, film] = [`${folder}/whole.mp4`, `${folder}/film.mp4`];
  const tracks = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=24:d=4', '-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'aac'];
  await execa('ffmpeg', ['-v', 'error', ...tracks, '-c:v', 'libx264', '-g', '48', '-pix_fmt', 'yuv420p', whole]);
  await execa('ffmpeg', ['-v', 'error', '-ss', '2.5', '-i', whole, '-c', 'copy', film]);
  expect((await packetsAt(film, 'a'))[0]?.seconds).toBeLessThan(-0.4);
  const { outcome, path } = await mill.run(film, 'ladder', { preset: 'ultrafast' });
  expect(outcome).toMatchObject({ status: 'done' });
  const [first, second] = await packetsAt(path('sd.mp4'), 'v');
  expect(first?.seconds).toBeCloseTo(0, 3);
  expect(second?.seconds).toBeCloseTo(1 / 24, 3);
  expect((await packetsAt(path('sd.mp4'), 'a'))[0]?.seconds).toBeGreaterThan(-0.03);
});

it('goes into MP4 where packets without times make the decoder give three pictures one time', async () => {
  const folder = await temporaryFolder();
  const [raw, film] = [`${folder}/x.h265`, `${folder}/raw.mp4`];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=2', '-c:v', 'libx265', '-preset', 'ultrafast'];
  await execa('ffmpeg', ['-v', 'error', ...picture, '-x265-params', 'bframes=3:pools=none:frame-threads=1', raw]);
  await execa('ffmpeg', ['-v', 'error', '-r', '25', '-i', raw, '-c', 'copy', film]);
  const { outcome } = await mill.run(film, 'preserve', { ...SETTINGS, crf: '35', evenIfLarger: 'true' });
  expect(outcome).toMatchObject({ status: 'done' });
});
