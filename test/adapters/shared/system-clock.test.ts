import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../adapters/shared/system-clock.ts';

describe('systemClock', () => {
  it('tells the time in milliseconds since 1970', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('gives ids of 128 bits, each once', () => {
    const ids = Array.from({ length: 1_000 }, () => systemClock.newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
