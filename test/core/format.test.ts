import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatSeconds } from '../../core/format.ts';

describe('figures for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [9999, '10.0 kB'],
    [999_600, '1.00 MB'],
    [2_942_343, '2.94 MB'],
    [61_234_567_890, '61.2 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0.04, '0.0 s'],
    [9.96, '10 s'],
    [59.7, '1:00'],
    [3723, '1:02:03'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
