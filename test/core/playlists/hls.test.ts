import { describe, expect, it } from '@jest/globals';
import { averageBits, peakBits } from '../../../core/playlists/bit-rates.ts';
import { dashManifest } from '../../../core/playlists/dash.ts';
import { hlsMaster, hlsMedia, hlsText } from '../../../core/playlists/hls.ts';
import type { PlayableSound, PlayableText, PlayableTrack, Programme } from '../../../core/playlists/playable.ts';

/** Segments of these lengths in seconds and sizes in bytes, one behind the other. */
const segmentsOf = (...parts: readonly (readonly [seconds: number, bytes: number])[]) =>
  parts.map(([durationSeconds, bytes], i) => {
    const before = parts.slice(0, i);
    const start = before.reduce((sum, [, each]) => sum + each, 0);
    return { start, end: start + bytes, startSeconds: before.reduce((sum, [each]) => sum + each, 0), durationSeconds };
  });

const track = (file: string, bits: number): PlayableTrack => ({
  ...{ file, init: { path: `${file}.init`, track: 1 }, codecs: 'mp4a.40.2', peakBits: bits, averageBits: bits - 10 },
  ...{
    segments: segmentsOf([2, 200], [1, 100]),
    firstFragments: [
      { start: 0, end: 50 },
      { start: 200, end: 250 },
    ],
  },
});

const picture = {
  ...track('sd.mp4', 1000),
  ...{ codecs: 'avc1.42C01E', coded: { width: 320, height: 180 }, shown: { width: 320, height: 180 } },
  ...{ framesPerSecond: 25, range: 'SDR' as const },
};

const sound = (name: string, more: Partial<PlayableSound>): PlayableSound => ({
  ...track(`${name}.mp4`, 100),
  ...{ name, stream: 1, language: 'eng', channels: 2, isDefault: false, isCommentary: false, describesPicture: false },
  ...more,
});
const shared = sound('sound', { isDefault: true });

const text = (more: Partial<PlayableText>): PlayableText => ({
  ...{ name: 'subtitles-3', file: 'subtitles-3.vtt', language: 'deu', isDefault: false, isForced: false },
  ...{ isForDeaf: false, isCommentary: false },
  ...more,
});

const programme = (sounds: readonly PlayableSound[], texts: readonly PlayableText[] = []): Programme => ({
  renditions: [{ name: 'sd', picture, sound: sounds[0] }],
  ...{ sounds, texts },
});

const linesOf = (list: string, start: string) => list.split('\n').filter((line) => line.includes(start));

describe('the bit rates of a track', () => {
  it.each([
    { of: 'even segments', segments: segmentsOf([2, 1000], [2, 1000]), peak: 4000, average: 4000 },
    {
      of: 'a larger segment',
      segments: segmentsOf([2, 1000], [2, 3000], [2, 1000]),
      peak: 12_000,
      average: 20_000 / 3,
    },
    { of: 'a short last segment', segments: segmentsOf([2, 1000], [2, 1000], [0.04, 500]), peak: 5882, average: 4950 },
    { of: 'one short segment', segments: segmentsOf([0.04, 500]), peak: 100_000, average: 100_000 },
    { of: 'no segment', segments: [], peak: 0, average: 0 },
  ])('are those of $of', ({ segments, peak, average }) => {
    expect(peakBits(segments)).toBeCloseTo(peak, -1);
    expect(averageBits(segments)).toBeCloseTo(average, -1);
  });
});

describe('the master playlist', () => {
  it('has one group of sounds and one variant of each rendition where nothing is in surround', () => {
    const list = hlsMaster(programme([shared, sound('sound-2', { stream: 2, language: 'fra' })]));
    expect(linesOf(list, 'TYPE=AUDIO')).toEqual([
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="eng",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="fra",LANGUAGE="fra",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="sound-2.m3u8"',
    ]);
    expect(linesOf(list, 'STREAM-INF:').filter((line) => line.includes('AUDIO="sound"'))).toHaveLength(1);
    expect(list).toContain('BANDWIDTH=1100,AVERAGE-BANDWIDTH=1080,CODECS="avc1.42C01E,mp4a.40.2"');
  });

  it('has the same sounds in both groups where one is in surround, the stereo group first', () => {
    const surround = sound('sound-1.surround', { isDefault: true, channels: 6, peakBits: 300 });
    const list = hlsMaster(programme([shared, surround, sound('sound-2', { stream: 2, language: 'fra' })]));
    const groups = linesOf(list, 'TYPE=AUDIO').map((line) =>
      /GROUP-ID="(\w+)",NAME="(\w+)".*URI="(.+)"/.exec(line)?.slice(1),
    );
    expect(groups).toEqual([
      ['sound', 'eng', 'sound.m3u8'],
      ['sound', 'fra', 'sound-2.m3u8'],
      ['surround', 'eng', 'sound-1.surround.m3u8'],
      ['surround', 'fra', 'sound-2.m3u8'],
    ]);
    const variants = linesOf(list, 'EXT-X-STREAM-INF:').map((line) =>
      /:BANDWIDTH=(\d+).*AUDIO="(\w+)"/.exec(line)?.slice(1),
    );
    expect(variants).toEqual([
      ['1100', 'sound'],
      ['1300', 'surround'],
    ]);
  });

  it('gives every track of a group a name of its own', () => {
    const more = [2, 3].map((stream) => sound(`sound-${stream}`, { stream, isCommentary: true }));
    const names = linesOf(hlsMaster(programme([shared, ...more])), 'TYPE=AUDIO').map(
      (line) => /NAME="([^"]+)"/.exec(line)?.[1],
    );
    expect(names).toEqual(['eng', 'eng (commentary)', 'eng (commentary) 2']);
  });

  it('names sounds of no language by what they are, each in another way', () => {
    const unnamed = (stream: number) => sound(`sound-${stream}`, { language: undefined, stream });
    const list = linesOf(hlsMaster(programme([unnamed(1), unnamed(2)])), 'TYPE=AUDIO');
    expect(list.map((line) => /NAME="([^"]+)"/.exec(line)?.[1])).toEqual(['Sound', 'Sound 2']);
  });

  it.each([
    { is: 'plain', more: {}, says: 'NAME="deu",LANGUAGE="deu",DEFAULT=NO,AUTOSELECT=YES,URI=' },
    {
      is: 'forced',
      more: { isForced: true },
      says: 'NAME="deu (forced)",LANGUAGE="deu",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI=',
    },
    { is: 'the default', more: { isDefault: true }, says: 'DEFAULT=YES,AUTOSELECT=YES,URI=' },
    { is: 'for the deaf', more: { isForDeaf: true }, says: 'public.accessibility.transcribes-spoken-dialog' },
    { is: 'of no language', more: { language: undefined }, says: 'NAME="Subtitles",DEFAULT=NO' },
  ])('has subtitles that are $is', ({ more, says }) => {
    const list = hlsMaster(programme([shared], [text(more)]));
    expect(linesOf(list, 'TYPE=SUBTITLES')).toEqual([expect.stringContaining(says)]);
    expect(list).toContain('SUBTITLES="subtitles"');
  });

  it('is whole for a film without sound', () => {
    const list = hlsMaster(programme([]));
    expect(list).not.toContain('AUDIO');
    expect(list).toContain('CODECS="avc1.42C01E",');
  });
});

it('subtitles last as long as the film in their playlist', () => {
  expect(hlsText('subtitles-3.vtt', programme([shared]))).toContain(
    '#EXTINF:3.000000,\nsubtitles-3.vtt\n#EXT-X-ENDLIST',
  );
});

it('a file of one track has its header in its first bytes', () => {
  const own = sound('sound-2', { init: { path: 'sound-2.mp4', track: 1, bytes: 731 } });
  expect(hlsMedia(own)).toContain('#EXT-X-MAP:URI="sound-2.mp4",BYTERANGE="731@0"');
  expect(dashManifest(programme([shared, own]))).toContain('<Initialization sourceURL="sound-2.mp4" range="0-730"/>');
});

describe('the DASH manifest', () => {
  const mpd = dashManifest(
    programme(
      [
        shared,
        sound('sound-1.surround', { isDefault: true, channels: 6 }),
        sound('sound-2', { stream: 2, isCommentary: true }),
        sound('sound-3', { stream: 3, describesPicture: true }),
        sound('sound-4', { stream: 4, language: 'fra' }),
      ],
      [text({ isForced: true }), text({ name: 'subtitles-4', file: 'subtitles-4.vtt', isForDeaf: true })],
    ),
  );
  const roles = [...mpd.matchAll(/<Role [^>]*value="([^"]+)"/g)].map(([, role]) => role);

  it('says what each sound and each subtitle is for', () => {
    expect(roles).toEqual(['main', 'main', 'commentary', 'description', 'alternate', 'forced-subtitle', 'caption']);
  });

  it('prefers the default sound in stereo', () => {
    expect(linesOf(mpd, 'selectionPriority')).toHaveLength(1);
    expect(mpd.indexOf('selectionPriority')).toBeLessThan(mpd.indexOf('id="sound"'));
  });

  it('says how many channels a sound has', () => {
    expect([...mpd.matchAll(/ChannelConfiguration" value="(\d)"/g)].map(([, channels]) => channels)).toEqual([
      '2',
      '6',
      '2',
      '2',
      '2',
    ]);
  });
});

describe('the pictures of a DASH manifest', () => {
  const rung = (name: string, codecs: string, range: 'SDR' | 'PQ' | 'HLG', startSeconds = 0) => {
    const [first] = programme([shared]).renditions;
    if (!first) throw new Error('there is no rendition');
    const segments = first.picture.segments.map((each) => ({
      ...each,
      startSeconds: each.startSeconds + startSeconds,
    }));
    return { ...first, name, picture: { ...first.picture, codecs, range, segments } };
  };
  const setsOf = (renditions: readonly ReturnType<typeof rung>[]) =>
    dashManifest({ ...programme([]), renditions })
      .split('<AdaptationSet ')
      .slice(1);

  it('are one set for each codec and range, among which players may switch', () => {
    const [hdr, sdr, ...others] = setsOf([
      rung('4k', 'hvc1.2.4.L150.90', 'PQ'),
      rung('hd', 'avc1.42C028', 'SDR'),
      rung('sd', 'avc1.42C01E', 'SDR'),
    ]);
    expect(others).toEqual([]);
    expect(hdr).toMatch(
      /^id="1" [\s\S]*EssentialProperty [^>]*TransferCharacteristics" value="16"[\s\S]*switching:2016" value="2"/,
    );
    expect(sdr).toMatch(/^id="2" [\s\S]*switching:2016" value="1"[\s\S]*id="hd"[\s\S]*id="sd"/);
    expect(sdr).not.toContain('EssentialProperty');
  });

  it('are one set without a number where all are of one kind', () => {
    const sets = setsOf([rung('hd', 'avc1.42C028', 'SDR'), rung('sd', 'avc1.42C01E', 'SDR')]);
    expect(sets).toHaveLength(1);
    expect(sets[0]).toMatch(/^contentType="video"/);
    expect(sets[0]).not.toContain('switching');
  });

  it('are not to be switched among where their segments begin at other times', () => {
    const sets = setsOf([rung('4k', 'hvc1.1.6.L150.90', 'HLG'), rung('sd', 'avc1.42C01E', 'SDR', 1)]);
    expect(sets[0]).toMatch(/TransferCharacteristics" value="18"/);
    expect(sets.join('')).not.toContain('switching');
  });
});
