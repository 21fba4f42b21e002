import { describe, expect, it } from '@jest/globals';
import { besideManifest } from '../../../../web/player/film/beside.ts';
import { filmOfManifest } from '../../../../web/player/film/read-manifest.ts';
import { filmOfMaster } from '../../../../web/player/film/read-master.ts';

Object.assign(globalThis, { document: { documentElement: { lang: 'en' } } });
const BASE = 'https://films.example/a/master.m3u8?token=1';

describe('a master playlist of a ladder', () => {
  const text = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="eng",LANGUAGE="eng",DEFAULT=YES,URI="sound.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="fra (commentary)",LANGUAGE="fra",DEFAULT=NO,URI="sound-2.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="deu",LANGUAGE="deu",DEFAULT=NO,URI="subtitles-3.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=3000,AVERAGE-BANDWIDTH=2000,CODECS="avc1.42C01E,mp4a.40.2",RESOLUTION=722x406,AUDIO="sound",SUBTITLES="subtitles"',
    'sd.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=9000,CODECS="avc1.42C01F,mp4a.40.2",RESOLUTION=1280x720,AUDIO="sound",SUBTITLES="subtitles"',
    'h%20d.m3u8',
  ].join('\n');

  it('has its renditions, sounds and subtitles, with the permission of its own address', () => {
    const film = filmOfMaster(text, BASE);
    expect(film?.rungs.map(({ name, url, bits }) => [name, url, bits])).toEqual([
      ['h d', 'https://films.example/a/h%20d.mp4?token=1', 9000],
      ['sd', 'https://films.example/a/sd.mp4?token=1', 2000],
    ]);
    expect(film?.sounds.map(({ label, url }) => [label, url])).toEqual([
      ['English', undefined],
      ['French (commentary)', 'https://films.example/a/sound-2.mp4?token=1'],
    ]);
    expect(film?.texts.map(({ label, url }) => [label, url])).toEqual([
      ['German', 'https://films.example/a/subtitles-3.vtt?token=1'],
    ]);
  });

  it.each(['', 'words', '#EXTM3U\n'])('is none where it is %j', (content) => {
    expect(filmOfMaster(content, BASE)).toBeUndefined();
  });
});

describe('a manifest', () => {
  it.each([undefined, null, [], {}, { renditions: [{}] }, { renditions: 'x' }])('is none where it is %j', (value) => {
    expect(filmOfManifest(value, besideManifest(BASE))).toBeUndefined();
  });

  it('names files with any characters, the best rendition first, and a sphere by its recipe', () => {
    const rendition = { codecString: 'avc1', bytes: 1000, durationSeconds: 8 };
    const renditions = [
      { ...rendition, name: 'sd', path: 'a #?&.sd.mp4', width: 722, height: 406 },
      { ...rendition, name: 'hd', path: 'a.hd.mp4', width: 1280, height: 720 },
    ];
    const film = filmOfManifest(
      { recipe: 'sphere', renditions },
      besideManifest('https://films.example/a/manifest.json'),
    );
    expect(film?.rungs.map(({ url }) => url)).toEqual([
      'https://films.example/a/a.hd.mp4',
      'https://films.example/a/a%20%23%3F%26.sd.mp4',
    ]);
    expect(film).toMatchObject({ sphere: 'mono', seconds: 8 });
    expect(film?.rungs[0]?.bits).toBe(1000);
  });
});
