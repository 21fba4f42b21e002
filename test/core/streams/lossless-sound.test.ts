import { describe, expect, it } from '@jest/globals';
import type { AudioFacts } from '../../../core/film/probe.ts';
import { hasAtmos } from '../../../core/film/true-hd.ts';
import { forVj } from '../../../core/streams/delivered-streams.ts';
import { exactInMp4 } from '../../../core/streams/lossless-sound.ts';
import { planStreams } from '../../../core/streams/streams.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const sound = (codec: string, audio: Partial<AudioFacts> = {}) =>
  aStream('audio', codec, { audio: { channels: 2, sampleRate: 48_000, sampleFormat: 's16', ...audio } });
const inMp4 = (stream: ReturnType<typeof sound>) =>
  planStreams(aProbe([aStream('video', 'h264'), stream]), { delivery: 'archive', container: 'mp4', title: 'HEVC' })[1];

describe('what holds every sample in MP4', () => {
  it.each([
    ...['mono', 'stereo', '3.0', '4.0', '5.0', '5.1', '5.1(side)', '6.1(back)', '7.1(wide)'].map(
      (layout) => [layout, 'alac'] as const,
    ),
    ...['quad', '6.1', '7.1'].map((layout) => [layout, 'flac'] as const),
    ...['2.1', '3.1', '4.1', '6.0', '6.0(front)', 'hexagonal', '7.0', 'octagonal'].map(
      (layout) => [layout, undefined] as const,
    ),
  ])('of %s is %s', (channelLayout, holder) => {
    expect(exactInMp4(sound('pcm_s16le', { channelLayout }))).toBe(holder);
  });

  it.each([
    { codec: 'pcm_s24le', sampleFormat: 's32', bits: 24, holder: 'alac' },
    { codec: 'truehd', sampleFormat: 's32', bits: undefined, holder: 'alac' },
    { codec: 'wavpack', sampleFormat: 's32p', bits: 24, holder: 'alac' },
    { codec: 'wavpack', sampleFormat: 's32p', bits: 32, holder: undefined },
    { codec: 'wavpack', sampleFormat: 's32p', bits: undefined, holder: undefined },
    { codec: 'wavpack', sampleFormat: 'fltp', bits: 32, holder: undefined },
    { codec: 'pcm_s32le', sampleFormat: 's32', bits: 32, holder: undefined },
    { codec: 'pcm_f32le', sampleFormat: 'flt', bits: 32, holder: undefined },
    { codec: 'vorbis', sampleFormat: 'fltp', bits: undefined, holder: undefined },
  ])('of $codec in $bits bits ($sampleFormat) is $holder', ({ codec, holder, ...audio }) => {
    expect(exactInMp4(sound(codec, { channelLayout: 'stereo', ...audio }))).toBe(holder);
  });

  it('is the sidecar alone where ffmpeg lists the channels, which it does not convert from version 7.1 on', () => {
    const listed = '8 channels (FL+FR+FC+LFE+SL+SR+BL+BR)';
    const plan = inMp4(sound('pcm_s16le', { channels: 8, channelLayout: listed }));
    expect(plan).toMatchObject({ fate: 'kept', sidecar: { name: 'stream-1.mka' } });
    expect(plan?.why).toContain(`of channels in the order ${listed}`);
  });

  it('is the sidecar where nothing in MP4 does, and AAC is for playing', () => {
    const plan = inMp4(sound('pcm_s16le', { channels: 3, channelLayout: '2.1' }));
    expect(plan).toMatchObject({
      fate: 'converted',
      codecArgs: ['aac', '-b', '288000'],
      sidecar: { name: 'stream-1.mka' },
    });
    expect(plan?.why).toContain('pcm_s16le of 2.1');
    expect(inMp4(sound('pcm_s16le', { channels: 12 }))).toMatchObject({ fate: 'kept', codecArgs: undefined });
  });
});

describe('for VJ software', () => {
  it.each([
    { codec: 'flac', sampleFormat: 's16', bits: 16, encoder: 'pcm_s16le', says: 'the same samples' },
    { codec: 'alac', sampleFormat: 's32p', bits: 24, encoder: 'pcm_s24le', says: 'the same samples' },
    {
      codec: 'pcm_f32le',
      sampleFormat: 'flt',
      bits: 32,
      encoder: 'pcm_s24le',
      says: 'floating point rounded to 24 bits',
    },
    { codec: 'pcm_s32le', sampleFormat: 's32', bits: 32, encoder: 'pcm_s24le', says: '32 bits rounded to 24 bits' },
    { codec: 'aac', sampleFormat: 'fltp', bits: undefined, encoder: 'pcm_s16le', says: 'VJ software wants PCM' },
  ])('$codec in $bits bits becomes $encoder: $says', ({ codec, encoder, says, ...audio }) => {
    const decision = forVj(sound(codec, audio));
    expect(decision.codecArgs).toEqual([encoder]);
    expect(decision.why).toContain(says);
    expect(decision.isExact ?? false).toBe(says === 'the same samples');
  });

  it('says that objects are lost', () => {
    const atmos = sound('truehd', { sampleFormat: 's32', profile: 'Dolby TrueHD + Dolby Atmos' });
    expect(forVj(atmos).why).toContain('the objects of Dolby Atmos are lost');
    expect(inMp4(atmos)).toMatchObject({ codecArgs: ['alac'], sidecar: { name: 'stream-1.mka' } });
    expect(forVj(sound('dts', { sampleFormat: 's32p', profile: 'DTS-HD MA + DTS:X' })).why).toContain('DTS:X');
  });
});

describe('a packet of TrueHD', () => {
  /** The first of ffmpeg's encoder, stereo; of Atmos there are four substreams, and a bit says what for. */
  const packet = (substreams: string, info: string) =>
    Buffer.from(`a067ffd8f8726fba00008001b752000000008c7f${substreams}${info}560000008080`, 'hex');

  it.each([
    { what: 'one substream', bytes: packet('11', '05'), atmos: false },
    { what: 'three substreams', bytes: packet('31', '05'), atmos: false },
    { what: 'a fourth for objects', bytes: packet('41', '85'), atmos: true },
    { what: 'no beginning', bytes: Buffer.alloc(64), atmos: undefined },
    { what: 'nothing', bytes: Buffer.alloc(0), atmos: undefined },
  ])('with $what has Dolby Atmos: $atmos', ({ bytes, atmos }) => {
    expect(hasAtmos(bytes)).toBe(atmos);
  });
});
