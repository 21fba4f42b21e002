import { describe, expect, it } from '@jest/globals';
import {
  emptyStretches,
  framesWithoutPacket,
  isTooMuchMissing,
  missingInLength,
  missingText,
  promisesFrames,
  type ShownSeconds,
  undecodableFrames,
} from '../../../core/film/promised.ts';

/** Every 40 ms, but for those frames. */
function times(count: number, without: (frame: number) => boolean = () => false): ShownSeconds {
  const all = Array.from({ length: count }, (_, i) => i);
  const seconds = all.filter((i) => !without(i)).map((i) => i * 0.04);
  return { length: seconds.length, at: (frame) => seconds[frame] ?? Number.NaN };
}

const WHOLE = { packets: 100, coveredSeconds: 4, spanSeconds: 4, unreadableSeconds: 0 };

describe('frames that are missing', () => {
  it.each([
    { what: 'nothing where all are there', promised: { frames: 100, seconds: 4.02 }, found: WHOLE, frames: 0 },
    { what: 'those an index names beyond the packets', promised: { frames: 120 }, found: WHOLE, frames: 20 },
    { what: 'those of fragments that are not there', promised: { seconds: 6 }, found: WHOLE, frames: 50 },
    {
      what: 'none where all indexed bytes are there, and packets state too short durations',
      promised: { seconds: 6, isWhole: true },
      found: { ...WHOLE, coveredSeconds: 2, spanSeconds: 6 },
      frames: 0,
    },
    {
      what: 'those of fragments without pictures, though all bytes are there',
      promised: { seconds: 8, isWhole: true },
      found: WHOLE,
      frames: 100,
    },
    {
      what: 'those of what cannot be read',
      promised: {},
      found: { ...WHOLE, unreadableSeconds: 1 },
      frames: 25,
    },
    {
      what: 'none where packets do not say how long they last',
      promised: { seconds: 6 },
      found: { ...WHOLE, coveredSeconds: 0 },
      frames: 0,
    },
  ])('are, by packets, $what', ({ promised, found, frames }) => {
    expect(framesWithoutPacket(promised, found)).toBe(frames);
  });

  it.each([
    { what: 'all packets that decode to nothing', packets: times(100), shown: times(100, (i) => i >= 50), frames: 50 },
    { what: 'single ones', packets: times(100), shown: times(100, (i) => i === 7), frames: 1 },
    { what: 'those before the first', packets: times(100), shown: times(100, (i) => i < 3), frames: 3 },
    { what: 'no second fields', packets: times(100), shown: times(100, (i) => i % 2 === 1), frames: 0 },
    {
      what: 'of fields, those of lost pictures',
      packets: times(100),
      shown: times(100, (i) => i % 2 === 1 || (i >= 40 && i < 60)),
      frames: 10,
    },
  ])('are, decoded, $what', ({ packets, shown, frames }) => {
    expect(undecodableFrames(packets, shown, 'h264')).toBe(frames);
  });

  it('count one by one in codecs without fields', () => {
    expect(
      undecodableFrames(
        times(100),
        times(100, (i) => i % 2 === 1),
        'prores',
      ),
    ).toBe(50);
  });

  it.each([
    { missing: { frames: 69, of: 150 }, share: '46 %', tooMuch: true },
    { missing: { frames: 5, of: 100 }, share: '5 %', tooMuch: false },
    { missing: { frames: 6, of: 100 }, share: '6 %', tooMuch: true },
    { missing: { frames: 1, of: 1000 }, share: '0.1 %', tooMuch: false },
  ])('are told as $share of all', ({ missing, share, tooMuch }) => {
    expect(missingText(missing)).toContain(`${share} of its frames are missing`);
    expect(isTooMuchMissing(missing)).toBe(tooMuch);
  });
});

describe('a container', () => {
  it.each([
    { format: 'mov,mp4,m4a,3gp,3g2,mj2', seconds: 4, promises: true },
    { format: 'matroska,webm', seconds: 4, promises: true },
    { format: 'matroska,webm', seconds: undefined, promises: false },
    { format: 'avi', seconds: 4, promises: true },
    { format: 'mxf', seconds: 4, promises: true },
    { format: 'mxf', seconds: undefined, promises: false },
    { format: 'asf', seconds: 4, promises: false },
    { format: 'mpegts', seconds: 4, promises: false },
  ])('of kind $format that lasts $seconds promises frames: $promises', ({ format, seconds, promises }) => {
    expect(promisesFrames(format, seconds)).toBe(promises);
  });

  it('that promises none tells of stretches in which nothing is shown', () => {
    expect(emptyStretches(times(100))).toMatchObject({ seconds: 0, frames: 0 });
    const { seconds, frames } = emptyStretches(times(100, (i) => i >= 40 && i < 65));
    expect([seconds.toFixed(2), frames]).toEqual(['1.00', 25]);
  });

  const half = times(100, (i) => i >= 40 && i < 90);
  const cut = times(50);
  const DAMAGED = { format: 'asf', durationSeconds: 4, hasErrors: true, undecoded: 0 };
  it.each([
    { what: 'half of it shows nothing', shown: half, more: {}, missing: { frames: 50, of: 100 } },
    { what: 'it ends far before', shown: cut, more: {}, missing: { frames: 50, of: 100 } },
    { what: 'it is whole', shown: times(100), more: {}, missing: undefined },
    { what: 'its demuxer met no damage', shown: half, more: { hasErrors: false }, missing: undefined },
    { what: 'it states none', shown: half, more: { durationSeconds: undefined }, missing: undefined },
    { what: 'it is a live stream', shown: half, more: { format: 'mpegts' }, missing: undefined },
    { what: 'errors of FLV alone', shown: half, more: { format: 'flv' }, missing: undefined },
    {
      what: 'FLV of which frames decode to nothing',
      shown: half,
      more: { format: 'flv', undecoded: 2 },
      missing: { frames: 52, of: 102 },
    },
  ])('that states a length is judged by it: $what', ({ shown, more, missing }) => {
    expect(missingInLength(shown, { ...DAMAGED, ...more })).toEqual(missing);
  });
});
