import { describe, expect, it } from '@jest/globals';
import { packEnd } from '../../../media/structure/ps-packets.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('the header of a pack', () => {
  it.each([
    { of: 'MPEG-1', hex: '000001ba 2100010001 800001', end: 12 },
    { of: 'MPEG-2', hex: '000001ba 440004000401 0189c3 f8', end: 14 },
    { of: 'MPEG-2 with stuffing', hex: '000001ba 440004000401 0189c3 fb ffffff', end: 17 },
    { of: 'MPEG-2 without its last byte', hex: '000001ba 440004000401 0189c3', end: 'cut' },
    { of: 'a start code alone', hex: '000001ba', end: 'cut' },
    { of: 'neither', hex: '000001ba ff0004000401 0189c3 f8', end: 'lost' },
  ])('of $of ends at $end', ({ hex, end }) => {
    expect(packEnd(bytes(hex), 0)).toBe(end);
    expect(packEnd(Buffer.concat([Buffer.alloc(5), bytes(hex)]), 5)).toBe(typeof end === 'number' ? end + 5 : end);
  });
});
