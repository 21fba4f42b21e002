import { describe, expect, it } from '@jest/globals';
import { withEarlyStreams } from '../../../core/film/early-streams.ts';
import type { Probe, Stream } from '../../../core/film/probe.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const inTicks = { timeBase: { num: 1, den: 1000 } };
const picture = (codec: string, startSeconds: number, isAttachedPicture = false) =>
  aStream('video', codec, { ...inTicks, index: 0, startSeconds, video: { ...aVideo(), isAttachedPicture } });
const text = (startSeconds: number) => aStream('subtitle', 'subrip', { ...inTicks, index: 1, startSeconds });
const matroska = (startSeconds: number, streams: readonly Stream[]): Probe => ({
  ...aProbe(streams),
  ...{ format: 'matroska,webm', access: 'indexed', startSeconds },
});

describe('the beginning of a Matroska', () => {
  it('is the first picture of any codec of which ffmpeg does not tell when it begins', () => {
    const probe = matroska(1.5, [picture('hevc', 1.5), text(1.5)]);
    expect(withEarlyStreams(probe, () => 250)).toMatchObject({
      ...{ startSeconds: 0.25, access: { earlySeconds: 1.25 } },
      streams: [{ startSeconds: 0.25 }, { startSeconds: 1.5 }],
    });
  });

  it('is a text that begins long before all else, which ffmpeg leaves out', () => {
    const probe = matroska(1.5, [picture('h264', 1.5), text(0.25)]);
    expect(withEarlyStreams(probe, () => 1500)).toMatchObject({ startSeconds: 0.25, access: { earlySeconds: 1.25 } });
  });

  it('stays where ffmpeg tells it, rounded to microseconds', () => {
    const fine = { ...picture('h264', 1.000021), timeBase: { num: 1, den: 48_000 } };
    const probe = matroska(1.000021, [fine, text(2)]);
    expect(withEarlyStreams(probe, () => 48_001)).toBe(probe);
  });

  it.each([
    ['a text long before all else', 0.25, { startSeconds: 0.25, access: { earlySeconds: 1.25 } }],
    ['0 where its edit list hides the beginning of a text', -0.75, { startSeconds: 0, access: { earlySeconds: 1.5 } }],
  ])('is in an MP4, too, %s', (_, begin, expected) => {
    const movie = { ...matroska(1.5, [picture('h264', 1.5), text(begin)]), format: 'mov,mp4,m4a,3gp,3g2,mj2' };
    expect(withEarlyStreams(movie, () => 0)).toMatchObject(expected);
  });

  it('is not told by a cover, nor by another container', () => {
    const cover = matroska(1.5, [picture('mjpeg', 0, true)]);
    expect(withEarlyStreams(cover, () => 0)).toBe(cover);
    const stream = { ...matroska(1.5, [text(0)]), format: 'mpegts' };
    expect(withEarlyStreams(stream, () => undefined)).toBe(stream);
  });
});
