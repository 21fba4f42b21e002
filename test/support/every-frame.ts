import { expect } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { bothDecoded } from './decoded-frames.ts';
import { milledFile, QUICK } from './mill.ts';

/** A lossless run gives every frame the source decodes to, once, equal, and at its time to within half a tick of the output. */
export async function expectEveryFrame(source: string, settings: RawSettings = {}) {
  const { manifest, path } = await milledFile(source, { ...QUICK, lossless: true, ...settings });
  const [rendition] = manifest.renditions;
  if (!rendition) throw new Error('no rendition');
  const { was, is, start } = await bothDecoded(source, path(rendition.path));
  expect(is.map(({ md5 }) => md5)).toEqual(was.map(({ md5 }) => md5));
  const off = was.map(({ seconds }, i) => Math.abs((is[i]?.seconds ?? 0) - (seconds - start)));
  const known = off.filter((seconds) => !Number.isNaN(seconds)); // of AVI's packed B-frames only some say their time
  expect(known.length).toBeGreaterThan(was.length / 3);
  expect(Math.max(...known)).toBeLessThanOrEqual(rendition.tickSeconds / 2 + 2e-6); // ffprobe prints microseconds
  expect(rendition).toMatchObject({ frames: was.length, quality: { metric: 'lossless' } });
  return manifest;
}
