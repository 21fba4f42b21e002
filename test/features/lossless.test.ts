import { describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import type { ClipName } from '../fixtures/clips.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { bothDecoded } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

/** Every frame the source decodes to, once, equal, and at its time to within half a tick of the output. */
async function expectEveryFrame(source: string, settings: RawSettings = {}) {
  const { manifest, path } = await milledFile(source, { ...QUICK, lossless: true, ...settings });
  const [rendition] = manifest.renditions;
  if (!rendition) throw new Error('no rendition');
  const { was, is, start } = await bothDecoded(source, path(rendition.path));
  expect(is.map(({ md5 }) => md5)).toEqual(was.map(({ md5 }) => md5));
  const off = was.map(({ seconds }, i) => Math.abs((is[i]?.seconds ?? 0) - (seconds - start)));
  const known = off.filter((seconds) => !Number.isNaN(seconds)); // of AVI's packed B-frames only some say their time
  expect(known.length).toBeGreaterThan(was.length / 3);
  expect(Math.max(...known)).toBeLessThanOrEqual(rendition.tickSeconds / 2 + 2e-6); // ffprobe prints microseconds
  expect(rendition).toMatchObject({ frames: was.length, quality: { metric: 'lossless' } });
  return manifest;
}

describe('a lossless run gives every frame, equal and at its time, of', () => {
  it.each<{ what: string; name: ClipName; segments: number }>([
    { what: 'variable frame rate', name: 'vfr', segments: 3 },
    { what: '59.94 frames a second', name: 'p5994', segments: 1 },
    { what: 'B-frames and a late video start', name: 'lateVideo', segments: 2 },
    { what: 'a transport stream whose clock begins at 100 s', name: 'lateTs', segments: 2 },
    { what: 'open GOPs', name: 'openGop', segments: 2 },
    { what: 'one GOP of many seconds, fed from one decode', name: 'longGop', segments: 4 },
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

  it('a clip cut by its edit list, within a GOP', async () => {
    const args = ['-ss', '0.7', '-i', await clip('openGop'), '-c', 'copy', '-avoid_negative_ts', 'disabled'];
    await expectEveryFrame(await makeClip({ file: 'trimmed.mp4', args }));
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
