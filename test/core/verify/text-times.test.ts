import { describe, expect, it } from '@jest/globals';
import { streamsToBlame } from '../../../core/verify/second-way.ts';
import { textTimes } from '../../../core/verify/text-times.ts';
import { SOUND } from '../../fixtures/evidence.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const none = { packets: 2, sha256: '', firstSeconds: 0, endSeconds: 2 };

/** A film with a picture and a subtitle, and what was made of it. */
function evidence(
  planned: readonly number[],
  found: readonly number[],
  [codec = 'subrip', made = 'mov_text']: readonly string[] = [],
) {
  const [picture] = SOUND.source.probe.streams;
  const text = { ...aStream('subtitle', codec), index: 1 };
  const plan = { stream: text, fate: 'converted' as const, why: '', codecArgs: [made], sidecar: undefined };
  const [shown] = SOUND.source.streams;
  const [main] = SOUND.plans;
  if (!picture || !shown || !main) throw new Error('a film has a picture');
  const probe = aProbe([...SOUND.output.probe.streams.slice(0, 1), aStream('subtitle', made)]);
  const texts = (textTimes: readonly number[]) => [shown, { ...none, stream: 1, textTimes }];
  return {
    ...SOUND,
    timecode: undefined,
    source: { ...SOUND.source, probe: aProbe([picture, text]), streams: texts(planned) },
    plans: [main, plan],
    output: { probe, survey: { ...SOUND.output.survey, streams: texts(found) } },
  };
}

describe('subtitles of a finished file', () => {
  const planned = [0.5, 1, 1, 1.5];
  it.each([
    { are: 'as planned', found: planned, passes: true },
    { are: 'half a tick off', found: [0.5005, 1.001, 1, 1.4995], passes: true },
    { are: 'late', found: [0.5, 1, 1.002, 1.5], passes: false },
    { are: 'too short', found: [0.5, 1, 1, 1.497], passes: false },
    { are: 'too many', found: [...planned, 1.6, 1.7], passes: false },
    { are: 'missing in Matroska', found: [0.5, 1], codecs: ['mov_text', 'subrip'], passes: false },
    { are: 'missing in a copy', found: [0.5, 1], codecs: ['mov_text', 'mov_text'], passes: false },
  ])('that are $are: $passes', ({ found, codecs, passes }) => {
    const made = evidence(planned, found, codecs);
    expect(textTimes(made)).toMatchObject([{ name: 'subtitles of stream 1 are at their times', passed: passes }]);
    expect([...streamsToBlame(made)]).toEqual(passes ? [] : [1]);
  });
});
