import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { box, u8 } from '../fixtures/craft.ts';
import { withDataTrack } from '../fixtures/telemetry.ts';
import { makeClip } from '../support/clip.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const settings = { ...QUICK, evenIfLarger: 'true' };
const PICTURES = 72;

/** A byte with the parity of CEA-608: the number of its bits is odd. */
const odd = (byte: number) =>
  [...byte.toString(2)].filter((bit) => bit === '1').length % 2 === 1 ? byte : byte | 0x80;
const pair = (...bytes: readonly number[]): Buffer => Buffer.from(bytes.map(odd));
const twice = (bytes: Buffer) => [bytes, bytes];

/** The pairs of a caption that appears at once. */
const popOn = (words: string) => [
  ...twice(pair(0x14, 0x20)),
  ...twice(pair(0x14, 0x2e)),
  ...twice(pair(0x14, 0x70)),
  ...(words.match(/../g) ?? []).map((two) => pair(two.charCodeAt(0), two.charCodeAt(1))),
  ...twice(pair(0x14, 0x2f)),
];

/** A pair of bytes for each picture, with two captions. */
function pairsOfFilm() {
  const pairs: Buffer[] = Array.from({ length: PICTURES }, () => pair(0, 0));
  for (const [at, words] of [
    [0, popOn('BEFORE')],
    [40, popOn('BEHIND')],
  ] as const)
    pairs.splice(at, words.length, ...words);
  return pairs;
}

describe('a sample of captions that ffmpeg refuses', () => {
  let folder: string;
  let clip: Buffer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeClip(join(folder, 'plain.mp4'), { seconds: 3, size: '64x48' });
    clip = await readFile(join(folder, 'plain.mp4'));
  });

  it.each([
    ['in the middle', 20],
    ['at the beginning', 0],
  ])('%s ends neither picture nor sound, and the other captions are kept', async (_, at) => {
    const whole = pairsOfFilm().map((bytes) => box('cdat', bytes));
    const samples = [...whole.slice(0, at), box('cdat', u8(0x94)), ...whole.slice(at)].slice(0, PICTURES);
    const durations = samples.map(() => 40);
    const source = join(folder, `refused-${at}.mov`);
    await writeFile(source, withDataTrack(clip, { entry: 'c608', handler: 'clcp', samples, durations }));
    const { manifest, path } = await milledFile(source, settings);
    expect(manifest.renditions[0]).toMatchObject({ frames: PICTURES });
    const [captions] = manifest.sidecars;
    const srt = await readFile(path(captions?.path ?? ''), 'utf8');
    expect(srt).toMatch(/BEFORE[\s\S]*BEHIND/);
    expect(JSON.stringify(manifest.streams[2])).toMatch(/1 of its 72 samples is damaged/);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^stream 2 \(eia_608\) is damaged/));
  });
});
