import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { filmFacts } from '../../../../web/src/add/film-facts.ts';
import { makeClip } from '../../../fixtures/make.ts';

const SOURCE = [
  '-f',
  'lavfi',
  '-i',
  'testsrc2=size=160x90:rate=24:duration=1.5',
  '-f',
  'lavfi',
  '-i',
  'sine=duration=1.5',
];

it.each([
  { of: 'an MP4 with its header at the end', file: 'facts.mp4', args: ['-c:v', 'libx264', '-preset', 'ultrafast'] },
  {
    of: 'an MP4 with its header first',
    file: 'facts-first.mp4',
    args: ['-c:v', 'libx264', '-preset', 'ultrafast', '-movflags', '+faststart'],
  },
  { of: 'a QuickTime film in ProRes, which no browser plays', file: 'facts.mov', args: ['-c:v', 'prores_ks'] },
])('reads $of', async ({ file, args }) => {
  const film = new Blob([await readFile(await makeClip({ file, args: [...SOURCE, ...args] }))]);
  const facts = await filmFacts(film);
  expect(facts).toMatchObject({ width: 160, height: 90, bytes: film.size, isRateAssumed: false });
  expect(facts?.fps).toBeCloseTo(24, 3);
  expect(facts?.seconds).toBeCloseTo(1.5, 2);
});
