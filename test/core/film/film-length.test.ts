import { describe, expect, it } from '@jest/globals';
import { withFilmLength } from '../../../core/film/film-length.ts';
import { LIMITS, refuseOverLimits } from '../../../core/film/limits.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const ENDLESS = 4_294_967.3;
const film = (tags: Record<string, string>, beside: Parameters<typeof aStream>[0] = 'subtitle') => ({
  ...aProbe([aStream('video', 'h264', { video: aVideo(), tags, durationSeconds: undefined }), aStream(beside, 'x')]),
  durationSeconds: ENDLESS,
});

describe('how long a film lasts', () => {
  it('is said by its pictures, not by a subtitle without an end', () => {
    const probe = withFilmLength(film({ duration: '00:01:02.500000000' }), LIMITS.seconds);
    expect(probe.durationSeconds).toBe(62.5);
    expect(() => refuseOverLimits(probe)).not.toThrow();
  });

  it('is said by its packets where the container says nothing of streams', () => {
    const probe = film({});
    expect(withFilmLength(probe, LIMITS.seconds)).toBe(probe);
    expect(() => refuseOverLimits(probe)).not.toThrow();
    expect(withFilmLength(probe, LIMITS.seconds, new Map([[0, 1.2]])).durationSeconds).toBe(1.2);
  });

  it('is too long where its pictures say so, or nothing else could have', () => {
    const read = withFilmLength(film({}), LIMITS.seconds, new Map([[0, 90_000]]));
    expect(() => refuseOverLimits(read, 100)).toThrow(/25.0 hours/);
    const probe = { ...film({}), streams: film({}).streams.slice(0, 1) };
    expect(() => refuseOverLimits(withFilmLength(probe, LIMITS.seconds))).toThrow(/1193.0 hours/);
  });

  it.each([
    { it: 'begins at 27,777 hours and states its end', startSeconds: 1e8, stated: 1e8 + 0.4, length: 0.4 },
    { it: 'begins there and states its length', startSeconds: 1e8, stated: 0.4, length: 0.4 },
    { it: 'begins at ten hours and ends at forty', startSeconds: 36_000, stated: 144_000, length: 108_000 },
    { it: 'begins at 0', startSeconds: 0, stated: 144_000, length: 144_000 },
  ])('is counted from the first picture of a Matroska that $it', ({ startSeconds, stated, length }) => {
    const streams = [aStream('video', 'h264', { durationSeconds: undefined })];
    const probe = aProbe(streams, { format: 'matroska,webm', startSeconds, durationSeconds: stated });
    const read = withFilmLength(withFilmLength(probe, LIMITS.seconds), LIMITS.seconds, new Map([[0, length]]));
    expect(read.durationSeconds).toBeCloseTo(length, 3);
  });
});
