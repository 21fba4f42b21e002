import { expect, it } from '@jest/globals';
import { complaints } from '../../../core/film/complaints.ts';

/** Real lines of ffmpeg 5.1 and 7.1 at "level+info". */
it('keeps errors without their level, and frames that are marked, each with how often it was said', () => {
  const kept = complaints();
  const lines = [
    '[h264 @ 0x55d2e22a1280] [error] mmco: unref short failure',
    '    Last message repeated 2 times',
    '[swscaler @ 0x55d2e22a1280] [warning] deprecated pixel format used, make sure you did set range correctly',
    '    Last message repeated 3 times',
    '[warning] /films/[error] 1.mov: corrupt decoded frame in stream 0',
    '    Last message repeated 1 times',
    '[vist#0:0/prores @ 0x5567e0] [dec:prores @ 0x5567f0] [warning] corrupt decoded frame',
    '[h264 @ 0x55f125958500] [info] concealing 649 DC, 649 AC, 649 MV errors in I frame',
    '[info]   Stream #0:0: Video: rawvideo (I420 / 0x30323449), yuv420p(progressive), 1920x1080',
    '[error] Error while decoding stream #0:0: Invalid data found when processing input',
    'x265 [error]: a library that writes by itself',
  ];
  expect(lines.map(kept).filter((line) => line !== undefined)).toEqual([
    '[h264 @ 0x55d2e22a1280] mmco: unref short failure',
    '    Last message repeated 2 times',
    'corrupt decoded frame in stream 0',
    '    Last message repeated 1 times',
    '[vist#0:0/prores @ 0x5567e0] [dec:prores @ 0x5567f0] corrupt decoded frame',
    '[h264 @ 0x55f125958500] concealing 649 DC, 649 AC, 649 MV errors in I frame',
    'Error while decoding stream #0:0: Invalid data found when processing input',
    'x265 [error]: a library that writes by itself',
  ]);
});

/** Real lines of ffmpeg 5.1 about a film whose name and comment have line breaks. */
it('keeps nothing of the names and tags of its input, whatever their lines say, and what a library says behind them', () => {
  const kept = complaints();
  const lines = [
    "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/films/a",
    "b.mp4':",
    '[info]   Metadata:',
    '[info]     comment         : first',
    '                    : x265 [error]: second',
    '[info]   Duration: 00:00:02.00, start: 0.000000, bitrate: 300 kb/s',
    '[info] Stream mapping:',
    '[info]   Stream #0:0 -> #0:0 (h264 (native) -> hevc (libx265))',
    "[info] Output #0, nut, to 'pipe:1':",
    '[info]     comment         : first',
    '                    : x265 [error]: second',
    'x265 [error]: a library that writes by itself',
  ];
  expect(lines.map(kept).filter((line) => line !== undefined)).toEqual([
    'x265 [error]: a library that writes by itself',
  ]);
});
