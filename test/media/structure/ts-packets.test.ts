import { describe, expect, it } from '@jest/globals';
import { packetsIn, payloadsOf } from '../../../media/structure/ts-packets.ts';

const STRIDES = [
  { stride: 188, prefix: 0 },
  { stride: 192, prefix: 4 },
  { stride: 204, prefix: 0 },
] as const;

/** A packet of PID 256, whose payload is its number all along. */
function packet(number: number, stride: number, prefix: number): Buffer {
  const bytes = Buffer.alloc(stride, number);
  bytes.set([0x47, 0x41, 0, 0x10 | (number & 15)], prefix);
  return bytes;
}

const packets = (count: number, { stride, prefix }: { readonly stride: number; readonly prefix: number }) =>
  Buffer.concat(Array.from({ length: count }, (_, i) => packet(i + 100, stride, prefix)));

describe('packetsIn', () => {
  it.each(STRIDES)('yields every whole packet that lies $stride bytes behind another', (packing) => {
    const bytes = packets(20, packing).subarray(0, -30);
    const found = [...packetsIn(bytes, packing)];
    expect(found.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 19 }, (_, i) => i + 100));
    expect(found.map(({ counter }) => counter)).toEqual(Array.from({ length: 19 }, (_, i) => (i + 100) & 15));
    expect(found.every(({ pid, begins, payload }) => pid === 256 && begins && payload.length === 184)).toBe(true);
  });

  it.each(STRIDES)('passes over a packet of $stride bytes whose first byte is damaged', (packing) => {
    const bytes = packets(8, packing);
    bytes[3 * packing.stride + packing.prefix] = 0;
    expect([...packetsIn(bytes, packing)].map(({ payload }) => payload[0])).toEqual([
      100, 101, 102, 104, 105, 106, 107,
    ]);
  });

  it.each(STRIDES)('goes on behind missing bytes of packets that lie $stride bytes apart', (packing) => {
    const whole = packets(20, packing);
    const cut = 5 * packing.stride + 100;
    const found = [...packetsIn(Buffer.concat([whole.subarray(0, cut), whole.subarray(cut + 30)]), packing)];
    expect(found.slice(-13).map(({ payload }) => payload[0])).toEqual(Array.from({ length: 13 }, (_, i) => i + 107));
  });
});

describe('payloadsOf', () => {
  it('joins the payloads of each stream, also behind bytes that were added', () => {
    const bytes = packets(20, { stride: 188, prefix: 0 });
    const [payloads] = payloadsOf(Buffer.concat([bytes.subarray(0, 10 * 188), Buffer.alloc(50), bytes.subarray(1880)]));
    expect(payloads?.length).toBeGreaterThanOrEqual(19 * 184);
    expect(payloads?.includes(Buffer.alloc(184, 119))).toBe(true);
  });

  it('finds none where there are no packets', () => {
    expect(payloadsOf(Buffer.alloc(4096))).toEqual([]);
  });
});
