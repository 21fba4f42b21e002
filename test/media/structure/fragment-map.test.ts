import { describe, expect, it } from '@jest/globals';
import { fragmentMap } from '../../../media/structure/fragment-map.ts';
import { type Edit, turned as turnedEdit } from '../../fixtures/edits.ts';
import { makeClip } from '../../fixtures/make.ts';

const never = new AbortController().signal;

/** Frames at 0, 1, 2, ... tenths of a second and each third one left out. */
const clip = (name: string, more: readonly string[], edit?: Edit) =>
  makeClip({
    file: `${name}.mp4`,
    args: [
      ...['-f', 'lavfi', '-i', "testsrc2=size=96x64:rate=10:duration=3,select='mod(n,3)'", '-fps_mode', 'passthrough'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '8', '-frag_duration', '500000', ...more],
    ],
    ...(edit && { edit }),
  });

describe('the map of fragments', () => {
  it.each([
    { name: 'pictures in order', more: ['-bf', '0', '-movflags', '+cmaf+frag_keyframe+delay_moov'] },
    { name: 'pictures out of order', more: ['-bf', '2', '-movflags', '+cmaf+frag_keyframe+delay_moov'] },
    { name: 'offsets without a sign', more: ['-bf', '2', '-movflags', '+frag_keyframe+delay_moov'] },
  ])('says from when until when pictures are shown; $name', async ({ name, more }) => {
    const { picture } = await fragmentMap(await clip(name.replaceAll(' ', '-'), more), never);
    const { fragments } = picture;
    expect(fragments.length).toBeGreaterThan(3);
    const from = Math.min(...fragments.map(({ shown }) => shown.from));
    const to = Math.max(...fragments.map(({ shown }) => shown.to));
    expect(to - from).toBeCloseTo(2.9, 3); // the first frame is at 0.1 s, the last at 2.9 s, and one lasts 0.1 s
    for (const { startSeconds, durationSeconds, shown } of fragments) {
      expect(durationSeconds).toBeGreaterThan(0);
      expect(shown.from).toBeLessThan(startSeconds + durationSeconds);
    }
  });

  it('says how large the picture is shown, its pixels made square and turned', async () => {
    const more = ['-vf', 'setsar=4/3', '-movflags', '+cmaf+frag_keyframe+delay_moov'];
    expect((await fragmentMap(await clip('wide', more), never)).shown).toEqual({ width: 128, height: 64 });
    const turned = await clip('turned', more, turnedEdit);
    expect((await fragmentMap(turned, never)).shown).toEqual({ width: 64, height: 128 });
  });

  it('refuses an MP4 that has none', async () => {
    const whole = await makeClip({
      file: 'whole.mp4',
      args: ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=10:duration=1', '-c:v', 'libx264'],
    });
    await expect(fragmentMap(whole, never)).rejects.toMatchObject({ code: 'not-exact' });
  });
});
