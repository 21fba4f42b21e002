import { describe, expect, it } from '@jest/globals';
import { textDecoder } from '../../core/text-decoder.ts';

describe('a decoder of texts', () => {
  it('reads a code page', () => {
    expect(textDecoder('windows-1251').decode(Uint8Array.of(0xcf, 0xf0, 0xe8))).toBe('При');
  });

  // every encoding but those of Unicode is one of these where Node.js has no tables
  it('fails as a missing tool, with how to get it, for an encoding that Node.js does not read', () => {
    const expected = { code: 'missing-tool', message: expect.stringMatching(/encoding x-none, .* icu-data-full$/) };
    expect(() => textDecoder('x-none')).toThrow(expect.objectContaining(expected));
  });
});
