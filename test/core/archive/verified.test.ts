import { describe, expect, it } from '@jest/globals';
import { readVerified, writeVerified } from '../../../core/archive/verified.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('the record of verifications', () => {
  it('comes back as it was written, without files that are gone', () => {
    const times = new Map([
      ['b', 2000],
      ['a', 1000],
      ['gone', 5],
    ]);
    const text = writeVerified(times, new Set(['a', 'b']));
    expect([...readVerified(bytesOf(text))]).toEqual([
      ['a', 1000],
      ['b', 2000],
    ]);
  });

  it.each(['', '{', '[]', '{"version":2,"verified":{}}', '{"version":1,"verified":{"a":"soon"}}'])(
    'is empty where %j lies there',
    (text) => expect(readVerified(bytesOf(text)).size).toBe(0),
  );

  it('is empty where nothing lies there', () => expect(readVerified(undefined).size).toBe(0));
});
