import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatSeconds, formatUsd } from '../../core/format.ts';

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

  it.each([
    [0, '$0.00'],
    [0.000_004, 'less than $0.00001'],
    [0.000_114, '$0.00011'],
    [0.0099, '$0.00990'],
    [0.00996, '$0.01'],
    [7.801, '$7.80'],
  ])('%d dollars are %s', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});
