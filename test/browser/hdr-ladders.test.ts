import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { playAndJudge } from '../../scripts/players/play-and-judge.mjs';
import { openPlayers, WAYS } from '../../scripts/players/play-ladder.mjs';
import { readFilm } from '../../scripts/players/read-ladder.mjs';
import { makeClip } from '../fixtures/make.ts';
import { commandPath } from '../support/command-path.ts';
import { testMill } from '../support/mill.ts';

/** One rung in HEVC of 320x180, one in H.264 of 256x144. */
const two = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 180 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 400 } },
  ],
};

/** Two flat colours, whose border lies between the areas that are compared. */
const PATCHES = 'color=0x406080:s=320x180:r=25:d=3,drawbox=w=160:h=180:t=fill:c=0xa06030';

it.each([{ transfer: 'smpte2084' }, { transfer: 'arib-std-b67' }])(
  'a film in HDR ($transfer) is played by its H.264 rung where HEVC cannot be decoded',
  async ({ transfer }) => {
    const picture = ['-f', 'lavfi', '-i', PATCHES, '-f', 'lavfi', '-i', 'sine=d=3'];
    const colour = [
      '-color_range',
      'tv',
      '-color_primaries',
      'bt2020',
      '-color_trc',
      transfer,
      '-colorspace',
      'bt2020nc',
    ];
    const x265 = `log-level=none:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited`;
    const coded = [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p10le',
      '-x265-params',
      x265,
      '-c:a',
      'aac',
    ];
    const source = await makeClip({ file: `played-${transfer}.mp4`, args: [...picture, ...coded, ...colour] });
    const { outcome, path } = await (await testMill()).run(source, two, { preset: 'ultrafast' });
    expect(outcome).toMatchObject({ status: 'done' });
    const film = await readFilm(path('sd.mp4'));
    const executablePath = await commandPath('chromium');
    const players = await openPlayers({ folder: dirname(path('master.m3u8')), executablePath });
    try {
      const taken = await players.takes(['video/mp4; codecs="hvc1.2.4.L60.90"']);
      for (const [name, { way, file = 'sd.mp4' }] of Object.entries(WAYS)) {
        const { played, judged } = await playAndJudge(() => players.play({ way, file }), film);
        expect({ name, wrong: judged.filter(({ passed }) => passed === false) }).toEqual({ name, wrong: [] });
        if (!taken[0]) expect({ name, sizes: [...new Set(played.sizes)] }).toEqual({ name, sizes: ['256x144'] });
      }
    } finally {
      await players.close();
    }
  },
);
