import { describe, expect, it } from '@jest/globals';
import {
  annexBUnits,
  inSample,
  sampleUnits,
  seiMessages,
  seiPayload,
  withEscapes,
  withoutEscapes,
} from '../../../core/bytes/nal-units.ts';

const hex = (bytes: Buffer) => bytes.toString('hex');
const from = (text: string) => Buffer.from(text, 'hex');

describe('units of a bitstream', () => {
  it.each([
    ['with start codes of three and four bytes', '00000001400100000142010000000144', ['4001', '4201', '44']],
    ['with bytes before the first', 'ffff000001aa', ['aa']],
    ['none', 'aabbccdd', []],
  ])('are read %s', (_, stream, units) => {
    expect([...annexBUnits(from(stream))].map(hex)).toEqual(units);
  });

  it('of a sample are read with their lengths, up to one that reaches past the end', () => {
    const sample = Buffer.concat([inSample(from('4001aa')), inSample(from('42')), from('000000ff00')]);
    expect([...sampleUnits(sample)].map(hex)).toEqual(['000000034001aa', '0000000142']);
  });

  it.each(['000000', '000001', '0000030000', 'aa0000000000', '00', '', '00000300000301'])(
    'hold no start code in a payload, and give it back: %s',
    (payload) => {
      const escaped = withEscapes(from(payload));
      expect(hex(escaped)).not.toMatch(/^(..)*0000(00|01|02)/);
      expect(hex(withoutEscapes(escaped))).toBe(payload);
    },
  );

  it('hold messages whose type and size may be longer than a byte', () => {
    const message = { type: 300, payload: Buffer.alloc(513, 7) };
    expect([...seiMessages(seiPayload(message))]).toEqual([message]);
  });

  it('hold no message whose size reaches past the end', () => {
    expect([...seiMessages(from('04ffff80'))]).toEqual([]);
  });
});
