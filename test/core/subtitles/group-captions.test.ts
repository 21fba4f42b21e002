import { describe, expect, it } from '@jest/globals';
import { hasGroups, spreadOverGroups } from '../../../core/subtitles/group-captions.ts';

const pairs = (count: number) => Array.from({ length: count }, (_, k) => [0xfc, k, k, 0xfd, k, k]).flat();
const packet = (seconds: number, data: readonly number[]) => ({ seconds, data: Uint8Array.from(data) });
const itself = (seconds: number) => seconds;
const timesOf = (packets: readonly { readonly seconds: number }[]) =>
  packets.map(({ seconds }) => Number(seconds.toFixed(3)));

describe('pairs of captions that lie together in the first picture of a group', () => {
  it('are spread over the pictures of their group, each with those of both fields', () => {
    const spread = spreadOverGroups([packet(0, pairs(15)), packet(0.6, pairs(15)), packet(1.2, pairs(5))], itself);
    expect(timesOf(spread)).toEqual(Array.from({ length: 35 }, (_, k) => Number((k * 0.04).toFixed(3))));
    expect([...(spread[16]?.data ?? [])]).toEqual([0xfc, 1, 1, 0xfd, 1, 1]);
  });

  it('are spread over repeated pictures too', () => {
    const film = 12 * (1001 / 24000); // 12 pictures that are shown as 15
    const spread = spreadOverGroups([packet(0, pairs(15)), packet(film, pairs(15))], itself);
    expect(timesOf(spread).slice(0, 4)).toEqual([0, 0.033, 0.067, 0.1]);
    expect(spread[15]?.seconds).toBeCloseTo(film, 9);
  });

  it('begin where their group begins, whose first pictures may be decoded later', () => {
    const spread = spreadOverGroups([packet(0.08, pairs(15)), packet(0.68, pairs(15))], (seconds) => seconds - 0.08);
    expect(timesOf(spread).slice(14, 16)).toEqual([0.56, 0.6]);
  });

  it('keep the pace of pictures where groups are missing behind them', () => {
    const spread = spreadOverGroups([packet(0, pairs(15)), packet(60, pairs(15))], itself);
    expect(timesOf(spread)[14]).toBe(0.467);
  });

  it.each([
    ['two pairs of a picture that is shown longer', [...pairs(2), 0xff, 2, 2, 0xfe, 3, 3]],
    ['padding', Array.from({ length: 20 }, () => [0xf8, 0, 0]).flat()],
  ])('are no %s', (_, data) => {
    const packets = [packet(1, data)];
    expect(hasGroups(packets)).toBe(false);
    expect(spreadOverGroups(packets, itself)).toEqual(packets);
  });
});
