import { expect, it } from '@jest/globals';
import { complaints } from '../../../core/film/complaints.ts';

/** Real lines of ffmpeg 5.1 and 7.1 at "level+warning". */
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
    '[error] Error while decoding stream #0:0: Invalid data found when processing input',
    'x265 [error]: a library that writes by itself',
  ];
  expect(lines.map(kept).filter((line) => line !== undefined)).toEqual([
    '[h264 @ 0x55d2e22a1280] mmco: unref short failure',
    '    Last message repeated 2 times',
    'corrupt decoded frame in stream 0',
    '    Last message repeated 1 times',
    '[vist#0:0/prores @ 0x5567e0] [dec:prores @ 0x5567f0] corrupt decoded frame',
    'Error while decoding stream #0:0: Invalid data found when processing input',
    'x265 [error]: a library that writes by itself',
  ]);
});
