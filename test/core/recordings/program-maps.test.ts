import { describe, expect, it } from '@jest/globals';
import {
  mapPidsIn,
  type ProgramMap,
  pictureGoesOn,
  programMapIn,
  soundCodecs,
  soundsReplaced,
} from '../../../core/recordings/program-maps.ts';

const map = (program: number, kinds: readonly (readonly [number, number])[], first = 0, last = first): ProgramMap => ({
  ...{ program, first, last },
  kinds: new Map(kinds),
});
const [MPEG1, MPEG2, H264, AC3] = [0x01, 0x02, 0x1b, 0x81];

describe('a section of the program tables', () => {
  it('names the PIDs of a program and their kinds', () => {
    const bytes = '02b017 0001 c10000 e100 f000 02e100f000 03e101f000 00000000'.replaceAll(' ', '');
    expect(programMapIn(Buffer.from(bytes, 'hex'))).toEqual({
      program: 1,
      kinds: new Map([
        [0x100, 2],
        [0x101, 3],
      ]),
    });
    expect(programMapIn(Buffer.from(bytes.slice(0, 40), 'hex'))).toBeUndefined();
  });

  it('names the PIDs of the maps, without that of the network', () => {
    const bytes = '00b011 0001 c10000 0000e010 0001f000 00000000'.replaceAll(' ', '');
    expect(mapPidsIn(Buffer.from(bytes, 'hex'))).toEqual([0x1000]);
  });
});

describe('a picture', () => {
  it.each([
    {
      what: 'stays what it is',
      maps: [
        map(1, [[256, H264]]),
        map(
          1,
          [
            [256, H264],
            [257, AC3],
          ],
          9,
        ),
      ],
    },
    { what: 'is of one codec in two versions', maps: [map(1, [[256, MPEG1]]), map(1, [[256, MPEG2]], 9)] },
    { what: 'has another program beside it', maps: [map(1, [[256, H264]], 0, 9), map(2, [[288, H264]], 1, 8)] },
    {
      what: 'has a second picture added',
      maps: [
        map(1, [[256, H264]]),
        map(
          1,
          [
            [256, H264],
            [288, H264],
          ],
          9,
        ),
      ],
    },
    {
      what: 'ends, and its sound goes on',
      maps: [
        map(1, [
          [256, H264],
          [257, AC3],
        ]),
        map(1, [[257, AC3]], 9),
      ],
    },
  ])('$what', ({ maps }) => expect(pictureGoesOn(maps, 256)).toBeUndefined());

  it.each([
    {
      what: 'changes its codec',
      maps: [map(1, [[256, MPEG2]]), map(1, [[256, H264]], 9)],
      says: 'the codec of its picture changes midway: MPEG-2, then H.264 at byte 9',
    },
    {
      what: 'goes on under another PID',
      maps: [map(1, [[256, H264]]), { ...map(1, [[288, H264]], 9), seconds: 61.25 }],
      says: 'its picture goes on in another stream midway: PID 256 and PID 288 replace each other at 1:01.3 (byte 9)',
    },
    {
      what: 'goes on in another program',
      maps: [map(1, [[256, H264]], 0, 5), map(2, [[288, H264]], 6, 9)],
      says: 'its picture goes on in another stream midway: PID 256 and PID 288 replace each other at byte 6',
    },
  ])('$what', ({ maps, says }) => expect(pictureGoesOn(maps, 256)).toBe(says));
});

it('sounds replace each other where one goes as another comes', () => {
  const maps = [
    map(1, [[257, AC3]]),
    map(1, [[272, AC3]], 5),
    map(
      1,
      [
        [272, AC3],
        [273, AC3],
      ],
      9,
    ),
  ];
  expect(soundsReplaced(maps)).toEqual([[257, 272]]);
});

it.each([
  { kinds: [0x03, 0x04], codecs: ['MPEG audio'] },
  { kinds: [0x04, AC3], codecs: ['MPEG audio', 'AC-3 at byte 1'] },
  { kinds: [0x03, 0x06], codecs: ['MPEG audio', 'private data at byte 1'] }, // as DVB has AC-3
  { kinds: [0x06, 0x05], codecs: [] },
])('a sound of the kinds $kinds has the codecs $codecs', ({ kinds, codecs }) => {
  expect(
    soundCodecs(
      kinds.map((kind, i) => map(1, [[257, kind]], i)),
      257,
    ),
  ).toEqual(codecs);
});
