import { describe, expect, it } from '@jest/globals';
import {
  damagedPlaces,
  damageScan,
  damageSentence,
  decoderWords,
  isSaidOf,
  soundWords,
} from '../../../core/film/damage.ts';

const shown = (n: number) =>
  `[Parsed_showinfo_0 @ 0x55f125c5f600] [info] n:  ${n} pts:  ${n * 3600} pts_time:0.84    pos:    50041 fmt:yuv420p sar:1/1 s:640x360 i:P iskey:0 type:P`;

/** The order in which ffmpeg 5.1 says it of one damaged frame of H.264, number 25, by one thread. */
const MARKED_LATER = [
  shown(22),
  '[h264 @ 0x55f125958500] [error] error while decoding MB 0 8, bytestream 14797',
  '[h264 @ 0x55f125958500] [info] concealing 649 DC, 649 AC, 649 MV errors in I frame',
  shown(23),
  shown(24),
  '[warning] sd.mp4: corrupt decoded frame in stream 0',
  shown(25),
];

/** From ffmpeg 5.1, at "level+info", of a film of which the packets at 7.00 s and 12.04 s were changed. */
const LOG = `
[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'dmg.mp4':
[Parsed_showinfo_0 @ 0x558e20a54800] [info] n: 171 pts:  87552 pts_time:6.84    pos:   220088 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:B
[Parsed_showinfo_0 @ 0x558e20a54800] [info] n: 172 pts:  88064 pts_time:6.88    pos:   222381 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:B
[h264 @ 0x558e208a0080] [error] Reference 6 >= 2
[h264 @ 0x558e208a0080] [error] error while decoding MB 17 6, bytestream 734
[Parsed_showinfo_0 @ 0x558e20a54800] [info] n: 173 pts:  88576 pts_time:6.92    pos:   218226 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:P
[Parsed_showinfo_0 @ 0x558e20a54800] [info]   side data - User Data Unregistered:
[Parsed_showinfo_0 @ 0x558e20a54800] [info] n: 297 pts: 152064 pts_time:11.88   pos:   375412 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:P
[h264 @ 0x558e208a0080] [error] left block unavailable for requested intra mode
[h264 @ 0x558e208a0080] [error] error while decoding MB 0 2, bytestream 3104
[Parsed_showinfo_0 @ 0x558e20a54800] [info] n: 298 pts: 152576 pts_time:11.92   pos:   381355 fmt:yuv420p sar:1/1 s:320x180 i:P iskey:0 type:B
`;

describe('where a film is damaged', () => {
  it('is read from the log: a frame for each packet of which a decoder complains, however much it says', () => {
    const scan = damageScan();
    for (const line of LOG.split('\n')) scan.line(line);
    expect(scan.frames()).toEqual([173, 298]);
  });

  it('is one frame, the marked one, where a decoder complained of it before', () => {
    const scan = damageScan();
    for (const line of MARKED_LATER) scan.line(line);
    expect(scan.frames()).toEqual([25]);
  });

  it('is where parts of a frame were made up, of which nothing else is said', () => {
    const scan = damageScan();
    for (const line of MARKED_LATER.filter((text) => !/error while|corrupt/.test(text))) scan.line(line);
    expect(scan.frames()).toEqual([23]);
  });

  it('goes on with its numbers where the filter that shows frames is made anew', () => {
    const scan = damageScan();
    for (const line of [shown(0), shown(1), shown(0), ...MARKED_LATER.slice(1, 3)]) scan.line(line);
    expect(scan.frames()).toEqual([3]);
  });

  it('is not where others than the decoder of the picture complain', () => {
    const scan = damageScan((line) => line.startsWith('[dvbsub @'));
    scan.line('[dvbsub @ 0x55d1c0a3f1c0] [error] Junk in packet');
    expect(scan.frames()).toEqual([]);
  });

  it('is not where the end of a chapter lies before its start', () => {
    const scan = damageScan();
    scan.line('[matroska,webm @ 0x563da4169240] [error] Chapter end time 800000000 before start 900000000');
    expect(scan.frames()).toEqual([]);
  });

  it('is not where ffmpeg advises to read more of a stream before it begins', () => {
    const scan = damageScan();
    scan.line(
      "[mpegts @ 0x563d] [error] Consider increasing the value for the 'analyzeduration' (20000000) and 'probesize' (32000000) options",
    );
    expect(scan.frames()).toEqual([]);
  });

  it('is not at the headers of a further recording in Theora, and is where another decoder fails in these words', () => {
    const failed = '[error] Error while decoding stream #0:0: Operation not permitted';
    const scan = damageScan();
    scan.line('[theora @ 0x55d1c0a3f1c0] [error] Header packet passed to frame decoder, skipping');
    scan.line(failed);
    expect(scan.frames()).toEqual([]);
    scan.line(failed);
    expect(scan.frames()).toEqual([0]);
  });

  it.each([
    [[12.04, 12.08, 12.12], '3 frames near 0:12 of the source could not be decoded without errors'],
    [[6.92], '1 frame near 0:06 of the source could not be decoded without errors'],
    [[6.92, 11.9, 12], '1 frame near 0:06 and 2 near 0:11 of the source could not be decoded without errors'],
    [
      [3723, 3800, 3900.5],
      '1 frame near 1:02:03, 1 near 1:03:20 and 1 near 1:05:00 of the source could not be decoded without errors',
    ],
    [
      [0, 10, 20, 30, 40, 50, 60, 70],
      '1 frame near 0:00, 1 near 0:10, 1 near 0:20, 1 near 0:30, 1 near 0:40 and 3 elsewhere of the source could not be decoded without errors',
    ],
  ])('is told with its times: %j', (times, sentence) => {
    expect(damageSentence(damagedPlaces(times))).toBe(sentence);
  });

  it.each([
    [['[h264 @ 0x558e208a0080] Reference 6 >= 2'], 'h264: Reference 6 >= 2'],
    [
      [
        '    Last message repeated 3 times',
        '[mp4 @ 0x55] Timestamps are unset',
        '[aac @ 0x5f] channel element 2.0 is not allocated',
      ],
      'aac: channel element 2.0 is not allocated',
    ],
    [
      ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f00] stream 0, offset 0x30: partial file'],
      'mov,mp4,m4a,3gp,3g2,mj2: stream 0, offset 0x30: partial file',
    ],
    [['Error while decoding stream #0:0'], 'Error while decoding stream #0:0'],
    [['[mp4 @ 0x55] only a muxer'], undefined],
    [['[matroska,webm @ 0x563da4169240] Chapter end time 800000000 before start 900000000'], undefined],
    [['Svt[error]: Not enough flat blocks to update noise estimate'], undefined],
    [[], undefined],
  ])('is told without addresses in memory where there is no time: %j', (said, words) => {
    expect(decoderWords(said)).toBe(words);
  });
});

it.each([
  [
    ['Error while decoding stream #1:1: Error number -16976906 occurred', '[ac3 @ 0x55d1] exponent -1 is out-of-range'],
    'ac3: exponent -1 is out-of-range',
  ],
  [['Error while decoding stream #1:1: Invalid data found'], 'Error while decoding: Invalid data found'],
  [
    ['[aist#1:1/ac3 @ 0x55d1] [dec:ac3 @ 0x55d2] Error submitting packet to decoder: Invalid data found'],
    'dec:ac3: Error submitting packet to decoder: Invalid data found',
  ],
  [[], undefined],
])('damage of a sound is told without the number of its stream in a command: %j', (said, words) => {
  expect(soundWords(said)).toBe(words);
});

describe('what a decoder says where it begins to decode', () => {
  const UNREF = '[h264 @ 0x55a1] mmco: unref short failure';
  const again = (times: number) => `    Last message repeated ${times} times`;

  it.each([
    {
      of: 'the same words from another address',
      said: [UNREF],
      before: ['[h264 @ 0x7f] mmco: unref short failure'],
      is: true,
    },
    { of: 'fewer repetitions', said: [UNREF, UNREF], before: [UNREF, again(2)], is: true },
    { of: 'more repetitions', said: [UNREF, again(3)], before: [UNREF, UNREF], is: false },
    { of: 'other words', said: [UNREF, '[h264 @ 0x55a1] error while decoding MB 1 2'], before: [UNREF], is: false },
    { of: 'words where nothing was said before', said: [UNREF], before: [], is: false },
  ])('is told from what it says later: $of', ({ said, before, is }) => {
    expect(isSaidOf(said, before)).toBe(is);
  });
});
