import { describe, expect, it } from '@jest/globals';
import type { ClipName } from '../fixtures/clips.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { expectEveryFrame } from '../support/every-frame.ts';

/** Other kinds of films: test/wide/lossless-of-each-kind.test.ts. */
describe('a lossless run gives every frame, equal and at its time, of', () => {
  it.each<{ what: string; name: ClipName; segments: number }>([
    { what: 'variable frame rate', name: 'vfr', segments: 3 },
    { what: 'a transport stream whose clock begins at 100 s', name: 'lateTs', segments: 2 },
    { what: 'open GOPs', name: 'openGop', segments: 2 },
    { what: 'one GOP of many seconds, fed from one decode', name: 'longGop', segments: 4 },
  ])('$what', async ({ name, segments }) => {
    const manifest = await expectEveryFrame(await clip(name));
    expect(manifest.renditions[0]?.segments).toMatchObject({ total: segments, encoded: segments, reused: 0 });
    expect(manifest.warnings).not.toContainEqual(expect.stringContaining('damaged'));
  });

  it('a clip cut by its edit list, within a GOP', async () => {
    const args = ['-ss', '0.7', '-i', await clip('openGop'), '-c', 'copy', '-avoid_negative_ts', 'disabled'];
    await expectEveryFrame(await makeClip({ file: 'trimmed.mp4', args }));
  });
});
