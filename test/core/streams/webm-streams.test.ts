import { describe, expect, it } from '@jest/globals';
import { anotherWay } from '../../../core/streams/another-way.ts';
import { opusArgs } from '../../../core/streams/opus-sound.ts';
import { forWebm } from '../../../core/streams/webm-streams.ts';
import { aStream } from '../../fixtures/probes.ts';

const sound = (codec: string, channels: number) =>
  aStream('audio', codec, { index: 1, audio: { channels, sampleRate: 44_100, sampleFormat: 'fltp' } });

describe('a stream of a film in WebM', () => {
  it.each([
    { codec: 'opus', channels: 6, args: ['copy'], beside: undefined },
    { codec: 'vorbis', channels: 2, args: ['copy'], beside: undefined },
    { codec: 'aac', channels: 2, args: opusArgs(sound('aac', 2)), beside: 'stream-1.mka' },
    { codec: 'pcm_s16le', channels: 9, args: undefined, beside: 'stream-1.mka' },
  ])(
    'keeps Opus and Vorbis, and makes Opus of other sound: $codec of $channels',
    ({ codec, channels, args, beside }) => {
      const { codecArgs, sidecar } = forWebm(sound(codec, channels));
      expect(codecArgs).toEqual(args);
      expect(sidecar?.name).toBe(beside);
    },
  );

  it('gives each channel of Opus 64 kbit/s, at the one rate whose delay is known', () => {
    expect(opusArgs(sound('ac3', 6), ['atempo=1'])).toEqual([
      ...['libopus', '-b', '384000', '-ar', '48000'],
      ...['-filter', 'atempo=1,aformat=channel_layouts=mono|stereo|3.0|quad|5.0|5.1|6.1|7.1'],
    ]);
  });

  it('is Opus, not AAC, where the rendition could not be made with a copy of it', () => {
    const stream = sound('vorbis', 2);
    const plan = { stream, ...forWebm(stream) };
    expect(anotherWay(plan, { delivery: 'archive', container: 'webm' }).codecArgs?.[0]).toBe('libopus');
    expect(anotherWay(plan, { delivery: 'archive', container: 'mkv' }).codecArgs?.[0]).toBe('aac');
  });
});
