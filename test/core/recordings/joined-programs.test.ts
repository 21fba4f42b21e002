import { describe, expect, it } from '@jest/globals';
import { describedProgramIn, jointsTold, pairedPids, programJoints } from '../../../core/recordings/joined-programs.ts';

const [H264, AC3, CLOCK] = ['27 ', '129 ', 'clock'];
const program = (streams: readonly (readonly [pid: number, like: string])[], number = 1) => ({
  program: number,
  streams: streams.map(([pid, like]) => ({ pid, like })),
});

/** Packets in the order of a file: numbers are PIDs, programs are maps that end there. */
function follow(...packets: readonly (number | ReturnType<typeof program>)[]) {
  const joints = programJoints();
  packets.forEach((each, at) => {
    if (typeof each === 'number') joints.add({ pid: each, at, isOfPrograms: each === 0 });
    else joints.add({ pid: 0x1000, at, isOfPrograms: true, map: each });
  });
  return joints.found();
}

const FIRST = program([
  [256, H264],
  [257, AC3],
]);
const OTHER = program([
  [288, H264],
  [289, AC3],
]);
const CROSSED = program([
  [257, H264],
  [258, AC3],
]);

describe('streams of two programs', () => {
  it('match by what they are, wherever they stand in the map', () => {
    expect(
      pairedPids(
        FIRST,
        program([
          [300, AC3],
          [301, H264],
        ]),
      ),
    ).toEqual(
      new Map([
        [300, 257],
        [301, 256],
      ]),
    );
  });

  it('keep their PID where they have it', () => {
    const [before, now] = [
      program([
        [256, H264],
        [257, AC3],
        [258, AC3],
      ]),
      program([
        [256, H264],
        [258, AC3],
        [259, AC3],
      ]),
    ];
    expect(pairedPids(before, now)).toEqual(
      new Map([
        [256, 256],
        [258, 258],
        [259, 257],
      ]),
    );
  });

  it.each([
    {
      what: 'one has more',
      now: program([
        [288, H264],
        [289, AC3],
        [290, AC3],
      ]),
    },
    { what: 'one has fewer', now: program([[288, H264]]) },
    {
      what: 'one has another codec',
      now: program([
        [288, H264],
        [289, '3 '],
      ]),
    },
  ])('do not match where $what', ({ now }) => expect(pairedPids(FIRST, now)).toBeUndefined());

  it('do not match where two of them are alike', () => {
    const two = (from: number) =>
      program([
        [from, H264],
        [from + 1, AC3],
        [from + 2, AC3],
      ]);
    expect(pairedPids(two(256), two(288))).toBeUndefined();
  });
});

describe('joints of recordings', () => {
  it('begin with the tables before a map', () => {
    expect(follow(0, FIRST, 256, 257, 0, OTHER, 288, 289)).toEqual([
      {
        fromByte: 4,
        pids: new Map([
          [288, 256],
          [289, 257],
        ]),
      },
    ]);
  });

  it('begin with the first packet of a new PID, if tables come later', () => {
    expect(follow(0, FIRST, 256, 257, 288, 0, OTHER, 289)?.[0]?.fromByte).toBe(4);
  });

  it('lead to the PIDs of the first recording, and back', () => {
    const found = follow(0, FIRST, 256, 257, 0, CROSSED, 257, 258, 0, OTHER, 288, 289, 0, FIRST, 256);
    expect(found?.map(({ pids }) => [...pids.values()])).toEqual([
      [256, 257],
      [256, 257],
      [256, 257],
    ]);
    expect(jointsTold(found ?? [])).toContain('PID 257 as PID 256, PID 258 as PID 257, PID 288 as PID 256');
  });

  it.each([
    { what: 'an old PID goes on behind a new one', packets: [0, FIRST, 256, 257, 288, 256, 0, OTHER, 289] },
    { what: 'an old PID goes on behind the map', packets: [0, FIRST, 256, 257, 0, OTHER, 288, 256] },
    { what: 'programs are sent at one time', packets: [0, FIRST, OTHER, 256, 288, 257, 289, FIRST, OTHER, 256, 288] },
    { what: 'a PID of both comes before the tables', packets: [0, FIRST, 256, 257, 258, 257, 0, CROSSED, 258] },
    {
      what: 'all PIDs stay',
      packets: [
        0,
        FIRST,
        256,
        257,
        0,
        program(
          [
            [256, H264],
            [257, AC3],
          ],
          2,
        ),
        256,
      ],
    },
    { what: 'there is one program', packets: [0, FIRST, 256, 257, 0, FIRST, 256] },
  ])('are not told where $what', ({ packets }) => expect(follow(...packets)).toBeUndefined());
});

it('a map tells language and codec of its streams, and a clock under a PID of its own', () => {
  const entries = '1be100f000' + '06e101f009' + '0a04646575006a0100';
  const body = `0001c10000${'e1ff'}f000${entries}00000000`;
  const section = Buffer.from(`02b0${(body.length / 2).toString(16).padStart(2, '0')}${body}`, 'hex');
  expect(describedProgramIn(section)).toEqual(
    program([
      [256, '27 '],
      [257, '6 0a0464657500 6a'],
      [511, CLOCK],
    ]),
  );
  expect(describedProgramIn(section.subarray(0, 20))).toBeUndefined();
});
