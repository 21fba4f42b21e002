import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { box, boxes, u32 } from '../fixtures/craft.ts';
import { makeClip } from '../fixtures/make.ts';
import { quickTimeText } from '../fixtures/marked-movie.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const LARGE = 9 * 2 ** 20;

/** A film whose index is packed as old QuickTime packs it, behind what it says of itself. */
const clip = (more: Buffer) =>
  makeClip({
    file: 'packed.mov',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
    ],
    edit: (movie) =>
      Buffer.concat(
        boxes(movie).map(({ start, end, type }) => {
          const own = movie.subarray(start, end);
          if (type !== 'moov') return own;
          const udta = box('udta', quickTimeText('\u00a9nam', 'A packed film'), box('GPMF', Buffer.alloc(40, 'x')));
          const whole = box('moov', own.subarray(8), udta, more);
          const packed = box('cmvd', u32(whole.length), deflateSync(whole, { level: 1 }));
          return box('moov', box('cmov', box('dcom', Buffer.from('zlib')), packed));
        }),
      ),
  });

const archive = { ...QUICK, evenIfLarger: true };

describe('a movie whose index is packed (cmov)', () => {
  it.each(['mp4', 'mkv'])('keeps in %s what it says of itself', async (container) => {
    const source = await clip(Buffer.alloc(0));
    const { path, manifest } = await milledFile(source, { ...archive, container });
    const { format } = await ffprobe(path(`preserve.${container}`), '-show_format');
    expect(format.tags.title ?? format.tags.TITLE).toBe('A packed film');
    const told = manifest.renditions[0]?.metadata?.map(({ name, fate }) => [name, fate]);
    expect(told).toContainEqual(['GPMF', container === 'mp4' ? 'kept' : 'dropped']);
    expect(told?.map(([name]) => name)).not.toContain('cmov');
  });

  it('is told to lose it where more is packed than any real index has', async () => {
    const { manifest } = await milledFile(await clip(box('free', randomBytes(1000), Buffer.alloc(LARGE))), archive);
    expect(manifest.renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ place: 'movie', name: 'cmov', fate: 'dropped' }),
    );
  });
});
