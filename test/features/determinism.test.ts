import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clip, makeClip } from '../fixtures/make.ts';
import { type ReelmillOptions, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SET = ['--set', 'preset=fast', '--set', 'segmentSeconds=1', '--set', 'evenIfLarger=true'];

/** On one core one segment is encoded at a time; on two, two of so small a picture. */
const CORES: readonly ReelmillOptions[] = [{ under: ['taskset', '-c', '0'] }, { under: [] }];

async function piecesOf(source: string, options: ReelmillOptions): Promise<Record<string, string>> {
  const out = await temporaryFolder();
  await runReelmill(source, { out, set: SET }, options);
  const folder = join(out, '.reelmill', 'work', 'cache', 'pieces');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.nut')).sort();
  const pieces = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'base64')]));
  return Object.fromEntries(pieces);
}

describe('the bytes of pieces', () => {
  it.each([
    { what: 'reached by seeking', source: () => film(25), pieces: 4 },
    { what: 'fed from one decode', source: () => film(9999), pieces: 4 },
    { what: 'of deinterlaced pictures', source: () => clip('interlacedH264'), pieces: 2 },
  ])('are the same on one core and on all, one at a time and side by side: $what', async ({ source, pieces }) => {
    const path = await source();
    const [one = {}, ...others] = [await piecesOf(path, CORES[0] ?? {}), await piecesOf(path, CORES[1] ?? {})];
    expect(Object.keys(one)).toHaveLength(pieces);
    for (const other of others) expect(other).toEqual(one);
  });
});

const film = (keyframeEvery: number) =>
  makeClip({
    file: `film-${keyframeEvery}.mp4`,
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=4', '-c:v', 'libx264', '-preset', 'veryfast'],
      ...['-g', `${keyframeEvery}`, '-keyint_min', '25', '-sc_threshold', '0', '-threads', '1'],
    ],
  });
