import { expect, it } from '@jest/globals';
import { soundsInTurn } from '../../../core/recordings/sounds-in-turn.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';

const vob = { ...aProbe([aStream('audio', 'mp2'), aStream('audio', 'ac3')]), format: 'mpeg', startSeconds: 0.5 };

const sound = (stream: number, firstSeconds: number, endSeconds: number) => ({ stream, firstSeconds, endSeconds });
const gap = (fromSeconds: number, seconds: number) => ({ longestGap: { fromSeconds, seconds } });

it.each([
  { of: 'one behind the other', before: sound(0, 0, 4), after: sound(1, 4, 8), at: '0:04.0' },
  {
    of: 'one in the gap of the other',
    before: { ...sound(0, 0, 9), ...gap(3, 2) },
    after: sound(1, 3, 5),
    at: '0:03.0',
  },
  { of: 'two side by side', before: sound(0, 0, 9), after: sound(1, 0.1, 9), at: undefined },
  {
    of: 'a commentary as long as a gap elsewhere',
    before: { ...sound(0, 0, 9), ...gap(5, 2) },
    after: sound(1, 1.5, 3.5),
    at: undefined,
  },
  { of: 'one that begins late', before: sound(0, 0, 9), after: sound(1, 4, 9), at: undefined },
])('tells of sounds that replace each other, and where: $of', ({ before, after, at }) => {
  expect(soundsInTurn(vob, [before, after])).toEqual(
    at === undefined ? [] : [expect.stringContaining(`stream 0 and stream 1 replace each other at ${at}`)],
  );
});
