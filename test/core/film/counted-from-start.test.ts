import { describe, expect, it } from '@jest/globals';
import { countedFromStart } from '../../../core/film/counted-from-start.ts';

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
