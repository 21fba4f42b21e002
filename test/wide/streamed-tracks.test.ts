import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { flashAndBeepIn, playlistOf, trackTimes } from '../support/streamed.ts';

/** The smallest rung alone. */
const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 200 } }],
};

const black = (seconds: number, flashAt: number, late = 0) => [
  ...(late > 0 ? ['-itsoffset', `${late}`] : []),
  ...['-f', 'lavfi', '-i'],
  `color=black:s=160x90:r=25:d=${seconds},drawbox=t=fill:c=white:enable='between(t,${flashAt},${flashAt + 0.2})'`,
];
const beep = (seconds: number, beepAt: number, late = 0) => [
  ...(late > 0 ? ['-itsoffset', `${late}`] : []),
  ...['-f', 'lavfi', '-i', `aevalsrc='if(between(t,${beepAt},${beepAt + 0.2}),sin(6283*t)*.5,0)':s=48000:d=${seconds}`],
];
const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];

/** An encoder's delay in packets of sound that begin before 0, and a packet of sound that reaches beyond the end. */
const DELAY = 0.05;

describe('a streamed film whose tracks do not begin or end together', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });

  it.each([
    {
      of: 'sound 0.2 s late',
      file: 'late.mp4',
      why: ['re-encoded as H.264 Constrained Baseline', 'since it begins 0.18 s after the film'],
      args: [...black(3, 2), ...beep(2.8, 1.8, 0.2)],
      seconds: 3,
      at: 2,
    },
    {
      of: 'sound 1.5 s late',
      file: 'later.mp4',
      why: ['re-encoded as H.264 Constrained Baseline', 'since it begins 1.48 s after the film'],
      args: [...black(3, 2), ...beep(1.5, 0.5, 1.5)],
      seconds: 3,
      at: 2,
    },
    {
      of: 'a picture 1.2 s late',
      file: 'picture.ts',
      why: ["its first picture is shown 1.22 s early, at the film's beginning", 'its packets are copied'],
      args: [...black(2, 1, 1.2), ...beep(3.2, 2.2)],
      seconds: 3.2,
      at: 2.2,
    },
    {
      of: 'a short picture',
      file: 'long-sound.mp4',
      why: ['its last picture stays for 3.04 s, until the sound ends', 'its packets are copied'],
      args: [...black(1, 0.4), ...beep(4, 0.4)],
      seconds: 4,
      at: 0.4,
    },
    {
      of: 'short sound',
      file: 'short-sound.mp4',
      why: ['re-encoded as H.264 Constrained Baseline', 'since it ends 3.00 s before it'],
      args: [...black(4, 0.4), ...beep(1, 0.4)],
      seconds: 4,
      at: 0.4,
    },
    {
      of: 'both in fragments',
      file: 'frag.mp4',
      why: ['re-encoded as H.264 Constrained Baseline', 'its packets are copied'],
      args: [...black(3, 2), ...beep(3, 2), '-movflags', 'frag_keyframe+empty_moov'],
      seconds: 3,
      at: 2,
    },
    {
      of: 'one picture and sound',
      file: 'still.mkv',
      why: ['its last picture stays for 8.0', 'its packets are copied'],
      args: [...black(0.04, 0), ...beep(8, 0.02)],
      seconds: 8,
      at: 0,
    },
    {
      of: 'one late picture and sound',
      file: 'late-still.ts',
      why: ['its first picture is shown 1.2', 'its packets are copied'],
      args: [...black(0.04, 0, 1.2), ...beep(4, 0.02)],
      seconds: 4,
      at: 0,
    },
  ])('plays in step from 0 to its end: $of', async ({ file, why, args, seconds, at }) => {
    const { outcome, manifest, path } = await mill.run(await makeClip({ file, args: [...args, ...coded] }), small, {
      preset: 'ultrafast',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, streams } = await manifest();
    expect(streams.map((stream) => stream.why)).toEqual(why.map((each) => expect.stringContaining(each)));
    const [rendition] = renditions;
    expect(rendition?.checks).toContainEqual(
      expect.objectContaining({ name: 'picture and sound begin and end together', passed: true }),
    );
    const [picture, sound] = await trackTimes(path('sd.mp4'));
    for (const track of [picture, sound]) {
      if (!track) throw new Error('a track is missing');
      expect(Math.abs(track.from)).toBeLessThan(DELAY);
      expect(Math.abs(track.to - seconds)).toBeLessThan(DELAY);
    }
    const { flash, beep: heard } = await flashAndBeepIn(path('sd.mp4'));
    expect(Math.abs(heard - flash)).toBeLessThan(DELAY);
    expect(Math.abs(flash - at)).toBeLessThan(DELAY);
    for (const list of ['sd.m3u8', 'sound.m3u8'])
      expect(Math.abs((await playlistOf(path(list))).seconds - seconds)).toBeLessThan(DELAY);
    const mpd = await readFile(path('manifest.mpd'), 'utf8');
    expect(Math.abs(Number(/mediaPresentationDuration="PT([\d.]+)S"/.exec(mpd)?.[1]) - seconds)).toBeLessThan(DELAY);
    expect(mpd).not.toContain('t="-');
    expect(Math.abs((rendition?.durationSeconds ?? 0) - seconds)).toBeLessThan(DELAY);
  });
});
