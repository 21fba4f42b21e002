import { expect, it } from '@jest/globals';
import { canSay, timecodeFates } from '../../../core/streams/timecode.ts';

const ONE = { container: 'mp4', rate: { num: 25, den: 1 }, frames: 1 } as const;
const film = { timecode: '01:02:03:04', reel: undefined, from: 'file', others: [] } as const;

it('the time code of a film of one picture is told with the reason, which is not its container', () => {
  expect(canSay('01:02:03:04', ONE)).toBe(false);
  expect(canSay('01:02:03:04', { ...ONE, frames: 3 })).toBe(true);
  expect(timecodeFates(film, { written: undefined, container: 'mp4', retimed: false })).toEqual([
    expect.objectContaining({
      fate: 'dropped',
      why: expect.stringMatching(/^no track of time code says 01:02:03:04 here: it takes at least 3 pictures/),
    }),
  ]);
});
