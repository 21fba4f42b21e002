import { expect, it } from '@jest/globals';
import { behindPartialFrames, partialPackets } from '../../../core/film/partial-sound.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const [AC3, MP2] = [bytes('0b7722dc'), bytes('fffde404')];
const PART = bytes('f4d7e65d');

it.each([
  { what: 'AC-3 that begins whole', codec: 'ac3', packets: [AC3, AC3], parts: 0 },
  { what: 'AC-3 that begins with a part', codec: 'ac3', packets: [PART, AC3, AC3, AC3], parts: 1 },
  {
    what: 'MPEG audio of which a parser first finds no frame',
    codec: 'mp2',
    packets: [PART, bytes('ffe00000'), MP2, MP2],
    parts: 2,
  },
  {
    what: 'a part that only looks like a frame',
    codec: 'mp2',
    packets: [bytes('fffd2245'), PART, MP2, MP2, MP2],
    parts: 2,
  },
  { what: 'bytes of which none is a frame', codec: 'mp2', packets: [PART, PART], parts: undefined },
  { what: 'a codec whose frames are not known', codec: 'dts', packets: [PART, AC3], parts: 0 },
])('the parts of frames with which a sound begins are counted: $what', ({ codec, packets, parts }) => {
  expect(partialPackets(codec, packets)).toBe(parts);
});

const missing = '[mp2 @ 0x5] Header missing';
const again = '    Last message repeated 1 times';
const real = '[mp2float @ 0x6] overread 5, skip 4 enddists: -3 -3';

it.each([
  { what: 'only of a part', said: [missing, again], packets: 1, left: [] },
  { what: 'of a part, and then of damage', said: [missing, real, missing], packets: 1, left: [real, missing] },
  { what: 'of damage at once', said: [real], packets: 1, left: [real] },
  { what: 'of more parts than there are', said: Array(6).fill(missing), packets: 1, left: [missing, missing] },
  { what: 'of a part where no sound begins with one', said: [missing], packets: 0, left: [missing] },
])('what decoders say is left but for the parts at the beginning: $what', ({ said, packets, left }) => {
  expect(behindPartialFrames(said, packets)).toEqual(left);
});
