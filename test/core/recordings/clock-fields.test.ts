import { describe, expect, it } from '@jest/globals';
import { movePcr, movePes, moveScr } from '../../../core/recordings/clock-fields.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const changed = (hex: string, edit: (bytes: Buffer) => unknown) => {
  const buffer = bytes(hex);
  edit(buffer);
  return buffer.toString('hex');
};
const plain = (hex: string) => hex.replaceAll(' ', '');

describe('the times of a PES packet', () => {
  // PTS 90000 (0x15f90) and DTS 86400 (0x15180)
  const both = '000001e0 0000 80 c0 0a 31 0005 bf21 11 0005 a301';

  it('are moved, PTS and DTS', () => {
    // 180000 (0x2bf20) and 176400 (0x2b110)
    expect(changed(both, (buffer) => movePes(buffer, 0, 90_000))).toBe(
      plain('000001e0 0000 80 c0 0a 31 000b 7e41 11 000b 6221'),
    );
  });

  it('begin again at 0 behind 2^33, forwards and backwards', () => {
    const there = bytes(both);
    for (const ticks of [2 ** 33 - 100_000, 100_000]) movePes(there, 0, ticks);
    for (const ticks of [-100_000, 100_000]) movePes(there, 0, ticks);
    expect(there.toString('hex')).toBe(plain(both));
  });

  it('are found behind the stuffing and the buffer size of MPEG-1', () => {
    const mpeg1 = '000001e0 0020 ffff 6020 21 0005 bf21';
    expect(changed(mpeg1, (buffer) => movePes(buffer, 0, 90_000))).toBe(plain('000001e0 0020 ffff 6020 21 000b 7e41'));
  });

  it('are left where there are none, or where the header is cut', () => {
    const cut = both.slice(0, -9);
    for (const hex of ['000001be 0004 ffffffff', '000001e0 0000 80 00 00', '00000100 11223344556677', '47400011', cut])
      expect(changed(hex, (buffer) => movePes(buffer, 0, 90_000))).toBe(plain(hex));
  });
});

it('moves the clock reference of a transport packet, and not its extension', () => {
  const packet = '47 0100 20 07 10 0000afc8 7e 12'; // 90000 and an extension of 18
  expect(changed(packet, (buffer) => movePcr(buffer, 0, 90_001))).toBe(plain('47 0100 20 07 10 00015f90 fe 12'));
  const without = '47 0100 20 07 00 0000afc8 7e 12';
  expect(changed(without, (buffer) => movePcr(buffer, 0, 90_000))).toBe(plain(without));
});

it('moves the clock reference of a pack of MPEG-2 and of MPEG-1', () => {
  expect(changed('000001ba 44 0016fc84 01 0189c3f8', (buffer) => moveScr(buffer, 0, 90_000))).toBe(
    plain('000001ba 44 002df904 01 0189c3f8'),
  );
  expect(changed('000001ba 21 0005 bf21 8006e1', (buffer) => moveScr(buffer, 0, 90_000))).toBe(
    plain('000001ba 21 000b 7e41 8006e1'),
  );
});
