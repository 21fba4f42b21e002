import { describe, expect, it } from '@jest/globals';
import { accessOf, countedFromStart } from '../../../core/film/access.ts';

describe('the output that holds nothing', () => {
  it('uses the stream that begins first where no other output does', () => {
    const nothing = ['-map', '1:3', '-c', 'copy', '-f', 'null', '-'];
    expect(countedFromStart({ firstStream: 3 }, [0, 2], 1)).toEqual(nothing);
    expect(countedFromStart({ firstStream: 3 }, [0, 3], 1)).toEqual([]);
  });

  it.each(['indexed', 'sequential', { earlySeconds: 0.1 }] as const)('is left out where access is %j', (access) => {
    expect(countedFromStart(access, [])).toEqual([]);
  });
});

describe('how a file can be read', () => {
  const begins = [
    { index: 0, seconds: 1.48 },
    { index: 1, seconds: 1.474667 },
    { index: 2, seconds: undefined },
  ];

  it.each([
    { what: 'MP4', format: 'mov,mp4,m4a,3gp,3g2,mj2', is: 'indexed' },
    { what: 'AVI', format: 'avi', is: 'sequential' },
    { what: 'a transport stream', format: 'mpegts', is: { firstStream: 1 } },
  ])('is $is in $what', ({ format, is }) => {
    expect(accessOf(format, 1.474667, begins)).toEqual(is);
  });

  it('names no first stream where all begin together', () => {
    expect(accessOf('mpegts', 1.48, begins.slice(0, 1))).toBe('sequential');
  });
});
