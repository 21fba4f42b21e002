import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { playAndJudge } from '../../scripts/players/play-and-judge.mjs';
import { openPlayers, WAYS } from '../../scripts/players/play-ladder.mjs';
import { readFilm } from '../../scripts/players/read-ladder.mjs';
import { makeClip } from '../fixtures/make.ts';
import { commandPath } from '../support/command-path.ts';
import { testMill } from '../support/mill.ts';

/** Two rungs, of 320x180 and 256x144. */
const two = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 180 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 400 } },
  ],
};

/** Two flat colours, whose border lies between the areas that are compared. */
const PATCHES = 'color=0x406080:s=320x180:r=25:d=3,drawbox=w=160:h=180:t=fill:c=0xa06030';

it('a ladder in AV1 is played by every player, each of its pictures in its place and colour', async () => {
  const picture = ['-f', 'lavfi', '-i', PATCHES, '-f', 'lavfi', '-i', 'sine=d=3'];
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  const source = await makeClip({ file: 'played-av1.mp4', args: [...picture, ...coded] });
  const { outcome, manifest, path } = await (await testMill()).run(source, two, { preset: 'ultrafast', codec: 'av1' });
  expect(outcome).toMatchObject({ status: 'done' });
  const { renditions } = await manifest();
  const film = await readFilm(path('sd.mp4'));
  const players = await openPlayers({
    folder: dirname(path('master.m3u8')),
    executablePath: await commandPath('chromium'),
  });
  try {
    const types = renditions.map(({ codecString }) => `video/mp4; codecs="${codecString}"`);
    expect({ types, taken: await players.takes(types) }).toEqual({ types, taken: [true, true] });
    for (const [name, { way, file = 'sd.mp4' }] of Object.entries(WAYS)) {
      const { played, judged } = await playAndJudge(() => players.play({ way, file }), film);
      expect({ name, wrong: judged.filter(({ passed }) => passed === false) }).toEqual({ name, wrong: [] });
      expect({ name, sizes: played.sizes.every((size) => /^(320x180|256x144)$/.test(size)) }).toEqual({
        name,
        sizes: true,
      });
    }
  } finally {
    await players.close();
  }
});
