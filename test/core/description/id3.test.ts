import { describe, expect, it } from '@jest/globals';
import { readId3 } from '../../../core/description/id3.ts';

describe('the texts of an ID3', () => {
  it('are read as the page of Windows where they say ISO 8859-1', () => {
    const text = Buffer.from('\0L\u0092\u009cuvre \u0096 5 \u0080', 'latin1');
    const frame = Buffer.concat([Buffer.from('TIT2\0\0\0'), Buffer.of(text.length), Buffer.alloc(2), text]);
    const id3 = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0'), Buffer.of(frame.length), frame]);
    expect(readId3(id3).tags).toEqual({ title: 'L’œuvre – 5 €' });
  });
});
