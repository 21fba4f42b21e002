import { describe, expect, it } from '@jest/globals';
import { onlyOpusIsEarly, opusDelays } from '../../../core/encode/opus-delays.ts';
import type { StreamPlan } from '../../../core/streams/stream-plan.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const sound = (codec: string, encoder: string, delaySeconds?: number): StreamPlan => ({
  stream: aStream('audio', codec, {
    index: 1,
    audio: { channels: 2, sampleRate: 48_000, sampleFormat: 'fltp', ...(delaySeconds && { delaySeconds }) },
  }),
  ...{ fate: 'kept', why: '', codecArgs: [encoder], sidecar: undefined },
});

it('has the delay of each track in Opus in whole milliseconds, by the number of the track', () => {
  const picture = { ...sound('h264', 'copy'), stream: aStream('video', 'h264', { index: 0 }) };
  const later = [sound('opus', 'copy', 0.08), sound('flac', 'copy'), sound('aac', 'libopus')];
  expect([...opusDelays([...later, picture], 0)]).toEqual([
    [2, 80],
    [4, 7],
  ]);
});

describe('whether nothing but Opus begins before 0', () => {
  const [movie, matroska] = ['mov,mp4', 'matroska,webm'].map((format) => aProbe([], { format }));
  it.each([
    { of: 'Opus that is copied', plan: sound('opus', 'copy', 0.0065), first: -0.0065, only: true },
    { of: 'Opus whose beginning is hidden', plan: sound('opus', 'copy', 0.0065), first: -0.0165, only: false },
    { of: 'AAC that is copied', plan: sound('aac', 'copy'), first: -0.021, only: false },
    { of: 'AAC of a movie that becomes Opus', plan: sound('aac', 'libopus'), first: -0.021, only: true },
    { of: 'AAC of a Matroska', plan: sound('aac', 'libopus'), first: -0.021, probe: matroska, only: false },
    {
      of: 'AAC without its first packets',
      plan: { ...sound('aac', 'copy'), withoutFirst: 6 },
      first: -0.5,
      others: 0.01,
      only: true,
    },
  ])('$of: $only', ({ plan, first, others, probe = movie, only }) => {
    if (!probe) throw new Error('each has a probe');
    const early = others === undefined ? {} : { early: { others: { firstSeconds: others } } };
    expect(onlyOpusIsEarly([plan], [{ stream: 1, firstSeconds: first, ...early }], probe)).toBe(only);
  });
});
