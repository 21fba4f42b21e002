import { describe, expect, it } from '@jest/globals';
import type { Stream } from '../../../core/film/probe.ts';
import type { StreamPlan } from '../../../core/streams/stream-plan.ts';
import type { Evidence } from '../../../core/verify/evidence.ts';
import { soundStart } from '../../../core/verify/sound-start.ts';
import { SOUND } from '../../fixtures/evidence.ts';
import { aStream } from '../../fixtures/probes.ts';

const MILLISECONDS = { num: 1, den: 1000 };
const SAMPLES = { num: 1, den: 48_000 };
const STEREO = { channels: 2, sampleRate: 48_000, sampleFormat: 'fltp' };

type Case = {
  readonly source?: Partial<Stream>;
  readonly codec?: string;
  readonly codecArgs?: readonly string[];
  readonly made?: Partial<Stream>;
  readonly is: number;
  readonly plan?: Partial<StreamPlan>;
};

/** The evidence of one sound that begins 10 ms after the picture in a source, whose clocks tick in milliseconds. */
function evidence({ source, codec = 'flac', codecArgs = ['copy'], made, is, plan = {} }: Case): Evidence {
  const picture = { ...aStream('video', 'hevc', { index: 0 }), timeBase: MILLISECONDS };
  const stream = aStream('audio', codec, { index: 2, timeBase: MILLISECONDS, ...source });
  const out = aStream('audio', 'opus', { index: 1, timeBase: MILLISECONDS, ...made });
  const [first, sound] = SOUND.output.survey.streams;
  if (!first || !sound) throw new Error('the fixture has a picture and a sound');
  const plans: StreamPlan[] = [
    { stream: picture, fate: 'converted', why: '', codecArgs: ['libsvtav1'], sidecar: undefined },
    { stream, fate: 'converted', why: '', codecArgs, sidecar: undefined, ...plan },
  ];
  return {
    ...SOUND,
    source: { ...SOUND.source, probe: { ...SOUND.source.probe, streams: [picture, stream] } },
    plans,
    output: {
      probe: { ...SOUND.output.probe, streams: [picture, out] },
      survey: { ...SOUND.output.survey, streams: [first, { ...sound, firstSeconds: is }] },
    },
  };
}

const OPUS = { audio: { ...STEREO, delaySeconds: 0.0065 } };

describe('the beginning of a sound against the picture', () => {
  it.each([
    { of: 'a copy in samples, by the rounding of Matroska', made: { timeBase: SAMPLES }, is: 0.011005, passed: true },
    { of: 'a copy in samples, by two milliseconds', made: { timeBase: SAMPLES }, is: 0.012, passed: false },
    { of: 'a copy in milliseconds, by three of them', is: 0.013, passed: false },
    { of: 'FLAC that becomes Opus', codecArgs: ['libopus'], made: OPUS, is: 0.003, passed: true },
    { of: 'FLAC that becomes Opus, without its delay', codecArgs: ['libopus'], made: OPUS, is: 0.01, passed: false },
    { of: 'FLAC that becomes Opus, 6 ms early', codecArgs: ['libopus'], made: OPUS, is: -0.003, passed: false },
    {
      ...{ of: 'Opus that becomes Opus', codec: 'opus', source: OPUS, codecArgs: ['libopus'], made: OPUS },
      ...{ is: 0.01, passed: true },
    },
    { of: 'AAC that becomes Opus', codec: 'aac', codecArgs: ['libopus'], made: OPUS, is: 0.02, passed: true },
    {
      ...{ of: 'sound behind silence', codecArgs: ['libopus'], made: OPUS, plan: { silentFrom: 0 } },
      ...{ is: -0.0065, passed: true },
    },
  ])('$of: $passed', ({ passed, of: _, ...given }) => {
    expect(soundStart(evidence(given)).passed).toBe(passed);
  });
});
