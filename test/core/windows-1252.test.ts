import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { fromWindows1252 } from '../../core/windows-1252.ts';

/** Bytes that Windows-1252 leaves open: iconv knows no letters for them, and the web's standard keeps them as control characters. */
const OPEN = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

describe('texts in Windows-1252', () => {
  it('have the letters that iconv gives them', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !OPEN.includes(byte));
    const { stdout, status } = spawnSync('iconv', ['-f', 'WINDOWS-1252', '-t', 'UTF-8'], { input: bytes });
    expect(status).toBe(0);
    expect(fromWindows1252(bytes)).toBe(stdout.toString());
  });

  it('keep the five bytes that mean nothing as control characters', () => {
    expect(fromWindows1252(Uint8Array.from(OPEN))).toBe('\u0081\u008d\u008f\u0090\u009d');
  });
});
