import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { judgePlayed } from '../../scripts/players/judge-played.mjs';
import { playAndJudge } from '../../scripts/players/play-and-judge.mjs';
import { openPlayers, WAYS } from '../../scripts/players/play-ladder.mjs';
import { readFilm } from '../../scripts/players/read-ladder.mjs';
import { makeClip } from '../fixtures/make.ts';
import { commandPath } from '../support/command-path.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { boxesOf } from '../support/segment-indexes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const small = {
  ...ladder,
  renditions: [{ ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 400 } }],
};

/** Black and silent but for a white flash and a beep; each track begins and lasts as told. */
const marks = (
  file: string,
  {
    flash,
    beep,
    picture,
    sound,
    late = [0, 0],
  }: {
    readonly flash: number;
    readonly beep: number;
    readonly picture: number;
    readonly sound: number;
    readonly late?: readonly [number, number];
  },
) => ({
  file,
  args: [
    ...['-itsoffset', `${late[0]}`, '-f', 'lavfi', '-i'],
    `color=black:s=320x180:r=25:d=${picture},drawbox=t=fill:c=white:enable='between(t,${flash - late[0]},${flash - late[0] + 0.2})'`,
    ...['-itsoffset', `${late[1]}`, '-f', 'lavfi', '-i'],
    `aevalsrc='if(between(t,${beep - late[1]},${beep - late[1] + 0.2}),sin(6283*t)*.5,0)':s=48000:d=${sound}`,
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  ],
});

const FILMS = [
  { of: 'sound 0.2 s late', clip: marks('late.mp4', { flash: 2, beep: 2, picture: 3.2, sound: 3, late: [0, 0.2] }) },
  { of: 'sound 1.5 s late', clip: marks('later.mp4', { flash: 2, beep: 2, picture: 3.2, sound: 1.7, late: [0, 1.5] }) },
  {
    of: 'a picture 1.2 s late',
    clip: marks('picture.ts', { flash: 2, beep: 2, picture: 2, sound: 3.2, late: [1.2, 0] }),
  },
  { of: 'sound that ends early', clip: marks('short-sound.mp4', { flash: 1, beep: 1, picture: 5, sound: 2 }) },
  { of: 'sound that goes on', clip: marks('long-sound.mp4', { flash: 1, beep: 1, picture: 2, sound: 5 }) },
];

let mill: TestMill;
let executablePath: string;
beforeAll(async () => {
  mill = await testMill();
  executablePath = await commandPath('chromium', 'chromium-browser', 'google-chrome');
});

/** How each of these players plays a ladder, judged; the names of what failed, by player. */
async function failuresOf(folder: string, names: readonly (keyof typeof WAYS)[]) {
  const film = await readFilm(join(folder, 'sd.mp4'));
  const players = await openPlayers({ folder, executablePath });
  try {
    const failures: Record<string, readonly string[]> = {};
    const queue = [...names];
    const worker = async () => {
      for (let name = queue.shift(); name; name = queue.shift()) {
        const { way, file = 'sd.mp4' } = WAYS[name];
        const { judged } = await playAndJudge(() => players.play({ way, file }), film);
        failures[name] = judged.flatMap(({ name: what, passed, detail }) =>
          passed === false ? [`${what}: ${detail}`] : [],
        );
      }
    };
    await Promise.all([worker(), worker()]);
    return { film, failures };
  } finally {
    await players.close();
  }
}

const EVERYONE = Object.keys(WAYS) as readonly (keyof typeof WAYS)[];
const foldersOf = async (clip: Parameters<typeof makeClip>[0]) =>
  dirname((await mill.run(await makeClip(clip), small, { preset: 'ultrafast' })).path('master.m3u8'));

describe('a film of marks in every player', () => {
  it.each(FILMS)('is in step from beginning to end: $of', async ({ clip }) => {
    const { film, failures } = await failuresOf(await foldersOf(clip), EVERYONE);
    expect(film.hasMarks).toBe(true);
    expect(failures).toEqual(Object.fromEntries(EVERYONE.map((name) => [name, []])));
  });
});

describe('the check by players', () => {
  let sound: string;
  beforeAll(async () => {
    sound = await foldersOf(marks('whole.mp4', { flash: 2, beep: 2, picture: 5, sound: 5 }));
  });

  /** A copy of a ladder, changed. */
  async function spoilt(change: (folder: string) => Promise<void>) {
    const folder = await temporaryFolder();
    await cp(sound, folder, { recursive: true });
    await change(folder);
    return folder;
  }
  const edit = async (path: string, change: (text: string) => string) =>
    writeFile(path, change(await readFile(path, 'utf8')));

  it('fails where sound comes 200 ms late', async () => {
    const folder = await spoilt(async (at) => {
      const path = join(at, 'sd.mp4');
      await writeFile(path, await withLateSound(path, 0.2));
    });
    const { failures } = await failuresOf(folder, ['hls.js', 'dash.js', 'shaka, DASH', 'plain MSE']);
    for (const told of Object.values(failures)) expect(told.join()).toContain('is in step');
  });

  it('fails where the end of the film is lost', async () => {
    const folder = await spoilt(async (at) => {
      for (const list of ['sd.m3u8', 'sound.m3u8'])
        await edit(join(at, list), (text) => text.replace(/#EXTINF[^#]*#EXT-X-BYTERANGE[^#]*(?=#EXT-X-ENDLIST)/, ''));
      await edit(join(at, 'manifest.mpd'), (text) =>
        text
          .replace(/PT[\d.]+S" *>/, 'PT4.000S">')
          .replaceAll(/ *<S t="4\d+" d="\d+"\/>\n/g, '')
          .replaceAll(/ *<SegmentURL [^>]*>\n(?= *<\/SegmentList>)/g, ''),
      );
    });
    const { failures } = await failuresOf(folder, ['hls.js', 'dash.js', 'shaka, HLS', 'shaka, DASH', 'plain MSE']);
    for (const told of Object.values(failures)) expect(told.join()).toContain('plays to the end');
  });

  it('fails where a range of bytes is wrong', async () => {
    const folder = await spoilt(async (at) => {
      await edit(join(at, 'sd.m3u8'), (text) => {
        const second = [...text.matchAll(/BYTERANGE:(\d+)@(\d+)/g)][1];
        return text.replace(second?.[0] ?? '', `BYTERANGE:${second?.[1]}@${Number(second?.[2]) + 400}`);
      });
      await edit(join(at, 'manifest.mpd'), (text) => {
        const second = [...text.matchAll(/mediaRange="(\d+)-(\d+)"/g)][1];
        return text.replace(
          second?.[0] ?? '',
          `mediaRange="${Number(second?.[1]) + 400}-${Number(second?.[2]) + 400}"`,
        );
      });
    });
    const { failures } = await failuresOf(folder, ['hls.js', 'dash.js', 'shaka, HLS', 'shaka, DASH', 'plain MSE']);
    for (const told of Object.values(failures)) expect(told).not.toEqual([]);
  });

  it('fails where the colours are others', async () => {
    const film = await readFilm(join(sound, 'sd.mp4'));
    const seen = [{ mediaTime: 1, size: '320x180', cells: Array.from({ length: 64 }, () => [0, 60, 0]) }];
    const judged = judgePlayed(
      {
        ended: true,
        flash: 2,
        beep: 2,
        stalls: 0,
        shown: 125,
        sizes: [],
        seen,
        errors: [],
        tracks: [],
        cues: [],
        end: 5,
        duration: 5,
      },
      film,
    );
    expect(judged.filter(({ passed }) => passed === false).map(({ name }) => name)).toEqual([
      'shows the right colours',
    ]);
  });
});

/** The file with the times of its sound's fragments (`tfdt`) moved. */
async function withLateSound(path: string, seconds: number): Promise<Buffer> {
  const bytes = await readFile(path);
  for (const { type, at, end } of await boxesOf(path)) {
    if (type !== 'moof') continue;
    const tfhd = bytes.indexOf('tfhd', at, 'latin1');
    if (tfhd > end || bytes.readUInt32BE(tfhd + 8) !== 2) continue;
    const tfdt = bytes.indexOf('tfdt', at, 'latin1');
    bytes.writeBigUInt64BE(bytes.readBigUInt64BE(tfdt + 8) + BigInt(Math.round(seconds * 48_000)), tfdt + 8);
  }
  return bytes;
}

describe('sounds and subtitles in players', () => {
  let made: Milled;
  beforeAll(async () => {
    const args = [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=3', '-f', 'lavfi', '-i', 'sine=f=300:d=3'],
      ...[
        '-f',
        'lavfi',
        '-i',
        'sine=f=600:d=3,aformat=cl=5.1',
        '-i',
        '@text.srt',
        '-map',
        '0',
        '-map',
        '1',
        '-map',
        '2',
        '-map',
        '3',
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-c:s', 'srt'],
      ...['-metadata:s:a:0', 'language=fra', '-metadata:s:a:1', 'language=eng', '-metadata:s:s:0', 'language=deu'],
      ...['-disposition:a:0', '0', '-disposition:a:1', 'default'],
    ];
    const files = { 'text.srt': '1\n00:00:00,500 --> 00:00:01,500\nGuten Tag\n' };
    made = await mill.run(await makeClip({ file: 'two-languages.mkv', files, args }), small, { preset: 'ultrafast' });
  });

  it.each(['hls.js', 'dash.js', 'shaka, HLS', 'shaka, DASH'] as const)(
    'are offered in %s, the default chosen',
    async (name) => {
      const players = await openPlayers({ folder: dirname(made.path('master.m3u8')), executablePath });
      try {
        const { way, file = '' } = WAYS[name];
        const { ended, errors, offered, cues } = await players.play({ way, file }, { text: 0 });
        expect({ ended, errors }).toEqual({ ended: true, errors: [] });
        const languages = new Set(offered?.sounds.map(({ lang }) => lang.slice(0, 2)));
        expect([...languages].sort()).toEqual(['en', 'fr']);
        expect(offered?.sounds[offered.sound]?.lang.slice(0, 2)).toBe('en');
        expect(offered?.texts.map(({ lang }) => lang.slice(0, 2))).toEqual(['de']);
        expect(cues.map(({ text }) => text)).toContain('Guten Tag');
      } finally {
        await players.close();
      }
    },
  );
});
