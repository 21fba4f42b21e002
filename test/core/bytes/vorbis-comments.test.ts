import { describe, expect, it } from '@jest/globals';
import { severalComments } from '../../../core/bytes/vorbis-comments.ts';

const counted = (text: string) => {
  const [length, bytes] = [Buffer.alloc(4), Buffer.from(text, 'utf8')];
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const packet = (word: string, ...comments: readonly string[]) => {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(comments.length);
  return Buffer.concat([Buffer.from(word, 'latin1'), counted('a vendor'), count, ...comments.map(counted)]);
};

describe('comments of Ogg', () => {
  it.each(['\x81theora', '\x03vorbis', 'OpusTags', ''])(
    'have several values where a name stands several times (%j)',
    (word) => {
      const bytes = packet(word, 'TITLE=T1', 'artist=a;b', 'title=T=2', 'no comment');
      expect(severalComments(bytes)).toEqual([['title', ['T1', 'T=2']]]);
    },
  );

  it("stand in a block of FLAC's", () => {
    const own = packet('', 'X=1', 'X=2');
    const head = Buffer.from([0x84, 0, 0, own.length]);
    expect(severalComments(Buffer.concat([head, own]))).toEqual([['x', ['1', '2']]]);
  });

  it('end where they are damaged', () => {
    const bytes = packet('OpusTags', 'X=1', 'X=2');
    for (let length = 0; length < bytes.length; length++)
      expect(severalComments(bytes.subarray(0, length))).toEqual([]);
  });
});
