import { describe, expect, it } from '@jest/globals';
import type { ClipName } from '../fixtures/clips.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { expectEveryFrame } from '../support/every-frame.ts';

/** Beside those of test/features/lossless.test.ts. */
describe('a lossless run gives every frame, equal and at its time, of', () => {
  it.each<{ what: string; name: ClipName; segments: number }>([
    { what: '59.94 frames a second', name: 'p5994', segments: 1 },
    { what: 'B-frames and a late video start', name: 'lateVideo', segments: 2 },
    { what: 'fragments', name: 'fragmented', segments: 2 },
    { what: 'AVI with packed B-frames', name: 'packedAvi', segments: 2 },
    { what: 'an MPEG program stream', name: 'ps', segments: 2 },
    { what: 'Theora', name: 'ogg', segments: 2 },
    { what: 'VP8 from a browser, its sizes unknown', name: 'browserWebm', segments: 2 },
    { what: 'ProRes in 10 bits 4:2:2', name: 'prores', segments: 1 },
    { what: '4:4:4', name: 'yuv444', segments: 1 },
    { what: 'a turned picture', name: 'rotated', segments: 1 },
    { what: 'pixels that are not square', name: 'anamorphic', segments: 1 },
    { what: 'full range', name: 'fullRange', segments: 1 },
    { what: 'a single frame', name: 'oneFrame', segments: 1 },
    { what: 'MXF', name: 'mxf', segments: 1 },
  ])('$what', async ({ name, segments }) => {
    const manifest = await expectEveryFrame(await clip(name));
    expect(manifest.renditions[0]?.segments).toMatchObject({ total: segments, encoded: segments, reused: 0 });
    expect(manifest.warnings).not.toContainEqual(expect.stringContaining('damaged'));
  });

  it('a clip in full range whose one GOP is fed', async () => {
    const args = [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=3', '-vf', 'scale=out_range=pc,setsar=4/3'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '999', '-sc_threshold', '0', '-threads', '1'],
      ...['-pix_fmt', 'yuvj420p', '-color_range', 'pc'],
    ];
    const { renditions } = await expectEveryFrame(await makeClip({ file: 'long-full-range.mp4', args }));
    expect(renditions[0]?.segments.total).toBe(3);
  });

  it('the same in Matroska, whose clock ticks in milliseconds', async () => {
    const { renditions } = await expectEveryFrame(await clip('co64'), { container: 'mkv' });
    expect(renditions[0]).toMatchObject({ path: 'preserve.mkv', tickSeconds: 0.001 });
  });
});
