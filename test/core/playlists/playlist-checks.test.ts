import { describe, expect, it } from '@jest/globals';
import { dashManifest } from '../../../core/playlists/dash.ts';
import { hlsKeyframes, hlsMaster, hlsMedia } from '../../../core/playlists/hls.ts';
import type { PlayableSound, Programme } from '../../../core/playlists/playable.ts';
import { playlistChecks } from '../../../core/playlists/playlist-checks.ts';

const segments = [
  { start: 100, end: 300, startSeconds: 0, durationSeconds: 2 },
  { start: 300, end: 400, startSeconds: 2, durationSeconds: 1 },
];
const track = {
  ...{
    file: 'sd.mp4',
    init: { path: 'sd.init.mp4', track: 1 },
    codecs: 'avc1.42C01E',
    peakBits: 900,
    averageBits: 800,
  },
  ...{
    segments,
    firstFragments: [
      { start: 100, end: 150 },
      { start: 300, end: 320 },
    ],
  },
};
const sound: PlayableSound = {
  ...{ ...track, codecs: 'mp4a.40.2', name: 'sound', stream: 1, language: 'eng', channels: 2 },
  ...{ isDefault: true, isCommentary: false, describesPicture: false },
};
const size = { width: 320, height: 180 };
const picture = { ...track, coded: size, shown: size, framesPerSecond: 25, range: 'SDR' as const };
const programme: Programme = { renditions: [{ name: 'sd', picture, sound }], sounds: [sound], texts: [] };

const lists = [
  { path: 'master.m3u8', content: hlsMaster(programme) },
  { path: 'sd.m3u8', content: hlsMedia(picture) },
  { path: 'sd.keyframes.m3u8', content: hlsKeyframes(picture) },
  { path: 'sound.m3u8', content: hlsMedia(sound) },
  { path: 'manifest.mpd', content: dashManifest(programme) },
];
const failed = (change: Readonly<Record<string, readonly [string | RegExp, string]>> = {}) => {
  const changed = lists.map(({ path, content }) => {
    const [from, to] = change[path] ?? ['', ''];
    return { path, content: content.replace(from, to) };
  });
  return playlistChecks(changed, programme).flatMap(({ name, passed }) => (passed ? [] : [name]));
};

const COUNTED = 'playlists count what the fragments hold';
const APPLE = 'HLS by the authoring rules of Apple';
const DASH = 'DASH by the rules of DASH-IF';

describe('the checks of playlists', () => {
  it('pass for playlists as they are made', () => {
    expect(failed()).toEqual([]);
  });

  it.each([
    { fault: 'a segment is missing', change: { 'sd.m3u8': [/#EXTINF:1\.0.*\n.*\n.*\n/, ''] }, fails: [COUNTED] },
    { fault: 'a segment is too long', change: { 'sound.m3u8': ['EXTINF:2.0', 'EXTINF:4.0'] }, fails: [COUNTED, APPLE] },
    { fault: 'the MPD is short', change: { 'manifest.mpd': ['PT3.000S', 'PT2.000S'] }, fails: [COUNTED] },
    { fault: 'the rate is missing', change: { 'master.m3u8': [',FRAME-RATE=25.000', ''] }, fails: [APPLE] },
    {
      fault: 'the mean is above the peak',
      change: { 'master.m3u8': ['AVERAGE-BANDWIDTH=1600', 'AVERAGE-BANDWIDTH=9999'] },
      fails: [APPLE],
    },
    {
      fault: 'the keyframes are missing',
      change: { 'sd.keyframes.m3u8': ['#EXT-X-I-FRAMES-ONLY', ''] },
      fails: [APPLE],
    },
    { fault: 'times have a gap', change: { 'manifest.mpd': ['t="2000000"', 't="2100000"'] }, fails: [DASH] },
    { fault: 'times begin before 0', change: { 'manifest.mpd': ['<S t="0"', '<S t="-21333"'] }, fails: [DASH] },
    { fault: 'a range is missing', change: { 'manifest.mpd': [/ *<SegmentURL.*\n/, ''] }, fails: [DASH] },
    { fault: 'a sound has no role', change: { 'manifest.mpd': [/ *<Role.*\n/, ''] }, fails: [DASH] },
  ] as const)('fail where $fault', ({ change, fails }) => {
    expect(failed(change)).toEqual(fails);
  });
});
