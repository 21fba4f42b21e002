import { describe, expect, it } from '@jest/globals';
import { filmSpan, withSilence } from '../../../core/streams/film-span.ts';
import { soundTimeFilters } from '../../../core/streams/sound-times.ts';
import type { StreamPlan } from '../../../core/streams/stream-plan.ts';
import { aStream, aVideo } from '../../fixtures/probes.ts';

const MP4 = { format: 'mov,mp4,m4a,3gp,3g2,mj2', startSeconds: 0 };
const TS = { format: 'mpegts', startSeconds: 1.4 };

const sound: StreamPlan = {
  stream: { ...aStream('audio', 'aac'), index: 1 },
  ...{ fate: 'kept', why: 'its packets are copied', codecArgs: ['copy'], sidecar: undefined },
};
const picture: StreamPlan = { ...sound, stream: { ...aStream('video', 'h264'), index: 0, video: aVideo() } };

/** Pictures of 25 a second from `first` to `last`, and sound from `from` to `to`. */
const film = (
  { first = 0, last = 4.96 }: { readonly first?: number; readonly last?: number },
  { from = 0, to = 5, ...more }: { from?: number; to?: number; gapSeconds?: number; beginsAnew?: boolean },
  probe = MP4,
) => {
  const surveys = [{ stream: 1, firstSeconds: from, endSeconds: to, ...more }];
  const shown = { first, last, tickSeconds: 0.001, frameSeconds: 0.04, lastSeconds: undefined };
  const span = filmSpan([picture, sound], { probe, surveys, picture: shown });
  const plan = withSilence([picture, sound], span, surveys)[1] ?? sound;
  return { span, plan, filters: soundTimeFilters(plan, span.delaySeconds) };
};

describe('the time of a streamed film', () => {
  it.each([
    { of: 'tracks that begin and end together', picture: {}, sound: {}, span: { from: 0, to: 5, delaySeconds: 0 } },
    { of: 'sound a frame late and short', picture: {}, sound: { from: 0.03, to: 4.95 }, span: { from: 0, to: 5 } },
    { of: 'sound before its delay', picture: {}, sound: { from: -0.021 }, span: { from: 0, delaySeconds: 0 } },
    {
      of: 'sound of which a second is hidden',
      picture: {},
      sound: { from: -1 },
      span: { from: 0, firstEarlySeconds: 0 },
    },
    { of: 'a late picture', picture: { first: 1.2, last: 4.96 }, sound: {}, span: { from: 0, firstEarlySeconds: 1.2 } },
    { of: 'a picture 23 ms late', picture: { first: 0.023 }, sound: {}, span: { firstEarlySeconds: 0.023 } },
    {
      of: 'both tracks 23 ms late',
      picture: { first: 0.023 },
      sound: { from: 0.03 },
      span: { firstEarlySeconds: 0.023 },
    },
    { of: 'a short picture', picture: { last: 2.96 }, sound: {}, span: { to: 5, lastSeconds: 5 - 2.96 } },
    { of: 'one picture and an hour of sound', picture: { last: 0 }, sound: { to: 3600 }, span: { lastSeconds: 3600 } },
    {
      of: 'both tracks behind a stream of data',
      picture: { first: 2, last: 6.96 },
      sound: { from: 2.1, to: 7 },
      span: { from: 2, to: 7, delaySeconds: -2, firstEarlySeconds: 0 },
    },
    {
      of: 'sound that ends before the picture begins',
      picture: { first: 3, last: 4.96 },
      sound: { from: 0, to: 1 },
      span: { from: 0, to: 5, firstEarlySeconds: 3 },
    },
    {
      of: 'sound without length',
      picture: { first: 3 },
      sound: { from: 1, to: 1 },
      span: { from: 3, delaySeconds: -3 },
    },
  ])('of $of', ({ picture: shown, sound: heard, span }) => {
    expect(film(shown, heard).span).toMatchObject(
      Object.fromEntries(Object.entries(span).map(([name, value]) => [name, expect.closeTo(value, 6)])),
    );
  });

  it('begins where the picture does in fragments of our own, whose sound begins an encoder delay earlier', () => {
    const { span } = film({ first: 0.021 }, {}, { ...MP4, startSeconds: -0.021 });
    expect(span).toMatchObject({ from: 0.021, delaySeconds: -0.021, firstEarlySeconds: 0 });
  });

  it('takes no wrapped clock of a broadcast for an encoder delay', () => {
    expect(film({}, {}, { ...TS, startSeconds: -0.05 }).span.delaySeconds).toBe(0);
  });

  it('moves the first picture by whole ticks of its clock', () => {
    expect(film({ first: 1.2005 }, {}).span.firstEarlySeconds).toBeCloseTo(1.2, 9);
  });
});

describe('sound that does not fill the film', () => {
  it.each([
    { sound: {}, fate: 'kept', why: 'its packets are copied' },
    { sound: { from: 0.2 }, fate: 'converted', why: 'begins 0.20 s after the film' },
    { sound: { to: 3 }, fate: 'converted', why: 'ends 2.00 s before it' },
    { sound: { from: 0.2, to: 3 }, fate: 'converted', why: 'begins 0.20 s after the film and ends 2.00 s before it' },
    { sound: { gapSeconds: 1.5 }, fate: 'converted', why: 'has gaps of 1.50 s' },
    { sound: { from: 1, to: 1 }, fate: 'converted', why: 'has no length' },
    { sound: { beginsAnew: true }, fate: 'converted', why: 'consists of several recordings' },
  ])('is $fate: $why', ({ sound: heard, fate, why }) => {
    const { plan } = film({}, heard);
    expect(plan).toMatchObject({ fate, why: expect.stringContaining(why) });
    expect(plan.codecArgs?.[0]).toBe(fate === 'kept' ? 'copy' : 'aac');
  });

  it('has silence from the beginning of the film to its end', () => {
    expect(film({ first: 2, last: 6.96 }, { from: 2.5, to: 4 }).filters).toEqual([
      ...['aresample=async=1:min_hard_comp=0.03:first_pts=0', 'apad=whole_dur=5.000000000', 'atrim=end=5.000000000'],
    ]);
  });

  it('goes through no filter where it is copied', () => {
    expect(film({}, {}).filters).toEqual([]);
  });
});
