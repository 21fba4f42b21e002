import { describe, expect, it } from '@jest/globals';
import { saidInPart } from '../../../core/film/user-data.ts';
import { eyesMessage } from '../../fixtures/picture-notes.ts';

describe('what a part of a file says in its pictures', () => {
  it('is found behind start codes and behind lengths', () => {
    const unit = eyesMessage({ arrangement: 4, isRightFirst: true });
    const said = { userData: [], framePacking: 'top and bottom, right eye first' };
    expect(saidInPart(Buffer.concat([Buffer.from([9, 0, 0, 1]), unit, Buffer.from([0, 0, 1])]), 'hevc')).toEqual(said);
    expect(saidInPart(Buffer.concat([Buffer.from([0, 0, 0, unit.length]), unit]), 'hevc')).toEqual(said);
  });

  it('is looked for within bounds: a part in which units overlap at every step', () => {
    const bytes = Buffer.alloc(4 * 2 ** 20, '0000ff004e010000', 'hex');
    expect(saidInPart(bytes, 'hevc')).toEqual({ userData: [], framePacking: undefined });
  });
});
