import { describe, expect, it } from '@jest/globals';
import { refuseLongFrames, refuseShortFrames } from '../../../core/film/absurd-times.ts';
import { mainVideo, type Stream, type Unusable } from '../../../core/film/probe.ts';
import type { Delivery } from '../../../core/settings/delivery.ts';
import { anotherWay } from '../../../core/streams/another-way.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { canSay } from '../../../core/streams/timecode.ts';
import { isOfPlayersAlone, mainSound, withEmptyStreams } from '../../../core/streams/unusable-streams.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const unknown: Unusable = { is: 'unknown', why: 'no decoder here knows its codec (apac)' };
const apac = aStream('audio', 'apac', { unusable: unknown });
const noise = aStream('audio', 'aac', { unusable: { is: 'undecodable', why: 'nothing of it decodes as aac' } });
const aac = (...dispositions: string[]) => aStream('audio', 'aac', { dispositions });
const picture = aStream('video', 'h264');

describe('a stream that nothing can be made of', () => {
  it.each<{ delivery: Delivery; stream: Stream; fate: string; sidecar: string | undefined }>([
    { delivery: 'archive', stream: apac, fate: 'kept', sidecar: 'stream-1.bin' },
    { delivery: 'archive', stream: noise, fate: 'kept', sidecar: 'stream-1.mka' },
    { delivery: 'edit', stream: apac, fate: 'kept', sidecar: 'stream-1.bin' },
    { delivery: 'live', stream: apac, fate: 'dropped', sidecar: undefined },
    { delivery: 'stream', stream: apac, fate: 'dropped', sidecar: undefined },
  ])('for $delivery of $stream.codec is $fate, and is not in the file', ({ delivery, stream, fate, sidecar }) => {
    const [, plan] = planStreams(aProbe([picture, stream]), { delivery, container: 'mp4', title: 'HEVC' });
    expect(plan).toMatchObject({
      fate,
      codecArgs: undefined,
      why: expect.stringContaining(stream.unusable?.why ?? ''),
    });
    expect(plan?.sidecar?.name).toBe(sidecar);
  });

  it('is dropped with its reason where the file holds nothing of it', () => {
    const probe = withEmptyStreams(aProbe([picture, aac()]), [
      { stream: 0, packets: 25 },
      { stream: 1, packets: 0 },
    ]);
    const [, plan] = planStreams(probe, { delivery: 'archive', container: 'mp4', title: 'HEVC' });
    expect(plan).toMatchObject({ fate: 'dropped', why: 'the file holds no packet of it', sidecar: undefined });
  });

  it('is left out of streams with its reason where it holds the chapters, and nobody is warned of it', () => {
    const chapters = aStream('data', 'bin_data', { holdsChapters: true });
    const probe = withEmptyStreams(aProbe([picture, chapters]), [
      { stream: 0, packets: 25 },
      { stream: 1, packets: 0 },
    ]);
    const [, plan] = planStreams(probe, { delivery: 'stream', container: 'mp4', title: 'HEVC' });
    expect(plan).toMatchObject({ fate: 'dropped', why: expect.stringContaining('streams carry none') });
    expect(
      [chapters, aStream('data', 'dvd_nav_packet'), apac, { ...chapters, chaptersUnread: true as const }].map(
        isOfPlayersAlone,
      ),
    ).toEqual([true, true, false, false]);
  });

  it('is not the picture that renditions are made of', () => {
    expect(mainVideo(aProbe([{ ...picture, unusable: unknown }, picture]))?.index).toBe(1);
  });
});

describe('the sound of recipes that take one', () => {
  it.each([
    { is: 'the default one', sounds: [aac(), aac('default')], index: 1 },
    { is: 'the first where none is default', sounds: [aac(), aac()], index: 0 },
    {
      is: 'the first that decodes where the default one does not',
      sounds: [{ ...apac, dispositions: ['default'] }, aac()],
      index: 1,
    },
    { is: 'none where none decodes', sounds: [apac, noise], index: undefined },
  ])('is $is', ({ sounds, index }) => {
    expect(mainSound(aProbe(sounds))?.index).toBe(index);
  });
});

describe('a stream whose check failed', () => {
  const plan = (delivery: Delivery, stream: Stream) => {
    const [, first] = planStreams(aProbe([picture, stream]), { delivery, container: 'mp4', title: 'HEVC' });
    if (!first) throw new Error('no plan');
    return anotherWay(first, { delivery });
  };

  it.each<{ delivery: Delivery; codec: string; encoder: string; sidecar: string | undefined }>([
    { delivery: 'archive', codec: 'ac3', encoder: 'aac', sidecar: 'stream-1.mka' },
    { delivery: 'edit', codec: 'ac3', encoder: 'pcm_s24le', sidecar: 'stream-1.mka' },
    { delivery: 'live', codec: 'pcm_s16le', encoder: 'pcm_s24le', sidecar: undefined },
    { delivery: 'stream', codec: 'aac', encoder: 'aac', sidecar: undefined },
  ])('for $delivery is sound in $encoder if it was copied', ({ delivery, codec, encoder, sidecar }) => {
    const other = plan(delivery, aStream('audio', codec));
    expect(other).toMatchObject({ fate: 'converted' });
    expect(other.codecArgs?.[0]).toBe(encoder);
    expect(other.sidecar?.name).toBe(sidecar);
  });

  it('lies beside the film if it is no sound', () => {
    expect(plan('archive', aStream('subtitle', 'mov_text'))).toMatchObject({
      fate: 'kept',
      codecArgs: undefined,
      sidecar: { name: 'stream-1.srt', format: 'srt' },
    });
  });
});

describe('a timecode', () => {
  const at25 = { container: 'mp4', rate: { num: 25, den: 1 }, frames: 100 } as const;
  it.each([
    { timecode: '01:02:03:04', said: at25, can: true },
    { timecode: '01:02:03:25', said: at25, can: false },
    { timecode: '25:51:19:0', said: at25, can: false },
    { timecode: '01:02:03;04', said: at25, can: false },
    { timecode: '01:02:03;04', said: { ...at25, rate: { num: 30_000, den: 1001 } }, can: true },
    { timecode: '01:02:03:04', said: { ...at25, rate: { num: 400, den: 1 } }, can: false },
    { timecode: '01:02:03:04', said: { ...at25, frames: 1 }, can: false },
    { timecode: '25:51:19:0', said: { ...at25, container: 'mkv' } as const, can: true },
  ])(
    'of $timecode at $said.rate.num/$said.rate.den in $said.container can be said: $can',
    ({ timecode, said, can }) => {
      expect(canSay(timecode, said)).toBe(can);
    },
  );
});

describe('a clock that no player can follow is refused', () => {
  const film = (rate: number, seconds: number) => ({
    ...picture,
    video: aVideo({ averageFrameRate: { num: 1, den: rate } }),
    durationSeconds: seconds,
  });

  it('where a picture would last longer than the film', () => {
    const probe = aProbe([], { durationSeconds: 1.6 });
    expect(() => refuseLongFrames(film(512, 2), probe)).toThrow(/a picture lasts 512 s in a film of 2.0 s/);
    expect(() => refuseLongFrames(film(512, 600), probe)).not.toThrow();
  });

  it('where pictures are nanoseconds apart', () => {
    expect(() => refuseShortFrames(new Float64Array([0, 40, 80]), 1e-9)).toThrow(/0.0400 us apart/);
    expect(() => refuseShortFrames(new Float64Array([0, 1, 2]), 1 / 1000)).not.toThrow();
    const afterAJump = new Float64Array([0, 3000, 1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]);
    expect(() => refuseShortFrames(afterAJump, 1 / 90_000)).toThrow(/11.1 us apart/);
  });
});
