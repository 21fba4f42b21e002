import { describe, expect, it } from '@jest/globals';
import { fieldsTold } from '../../../core/filters/fields-told.ts';

describe('what is told of a film that is interlaced in parts', () => {
  const told = (parts: readonly (readonly [number, number])[]) => {
    const done = {
      ticks: { num: 1, den: 50 },
      pictures: 2,
      first: 'tff',
      parts: parts.map(([start, end]) => ({ start, end, first: 'tff' as const })),
    } as const;
    return fieldsTold({
      name: 'hd',
      done,
      framesPerSecond: 25,
      isInterlaced: true,
      secondsAt: (frame) => frame / 25,
    }).join();
  };

  it.each([
    { what: 'one part', parts: [[0, 250]], from: '0:00 to 0:10' },
    {
      what: 'parts with some frames in between',
      parts: [
        [0, 80],
        [85, 250],
        [251, 500],
      ],
      from: '0:00 to 0:20',
    },
    {
      what: 'parts with seconds in between',
      parts: [
        [0, 80],
        [200, 250],
      ],
      from: '0:00 to 0:03, 0:08 to 0:10',
    },
    { what: 'a part within a second', parts: [[15, 33]], from: '0:00.6 to 0:01.3' },
    { what: 'a part of a single frame', parts: [[25, 26]], from: '0:01.00 to 0:01.04' },
    {
      what: 'many parts',
      parts: Array.from({ length: 7 }, (_, i): readonly [number, number] => [i * 100, i * 100 + 50]),
      from: '0:00 to 0:02, 0:04 to 0:06, 0:08 to 0:10, 0:12 to 0:14, 0:16 to 0:18 and 2 more',
    },
  ] as const)('names the times of $what', ({ parts, from }) => {
    expect(told(parts)).toContain(`the film is interlaced from ${from}, and all other frames`);
  });
});

it.each([{ pictures: 1 }, { pictures: 2, first: 'auto', ticks: { num: 1, den: 50 } }] as const)(
  'nothing is said of interlaced frames where there are none ($pictures)',
  (done) => {
    const film = { name: 'sd', done, framesPerSecond: 25, secondsAt: (frame: number) => frame / 25, isHalf: true };
    const [told] = fieldsTold({ ...film, isInterlaced: false });
    expect(told).toContain('no frame of the source was found to be interlaced');
    expect(told).not.toContain('half its steps');
    expect(fieldsTold({ ...film, isInterlaced: true })[0]).toContain('half its steps');
  },
);
