import { describe, expect, it } from '@jest/globals';
import { shownPicture } from '../../../core/film/showinfo-line.ts';

/** What two versions of ffmpeg wrote of the first picture of a film whose pictures say that they are turned, with two sorts of log. */
const LOGS = {
  'ffmpeg 5.1': `
[Parsed_showinfo_0 @ 0x563213022b80] config in time_base: 1/1200000, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x563213022b80] n:   0 pts:      0 pts_time:0       pos:        0 fmt:yuv420p sar:16/15 s:128x96 i:T iskey:1 type:I 
[Parsed_showinfo_0 @ 0x563213022b80]   side data - displaymatrix: rotation of 90.00 degrees
[Parsed_showinfo_0 @ 0x563213022b80]   side data - User Data Unregistered:
[Parsed_showinfo_0 @ 0x563213022b80] UUID=dc45e9bd-e6d9-48b7-962c-d820d923eeef
[Parsed_showinfo_0 @ 0x563213022b80] 
[Parsed_showinfo_0 @ 0x563213022b80] color_range:tv color_space:bt2020nc color_primaries:bt2020 color_trc:smpte2084`,
  'ffmpeg 5.1 with levels': `
[Parsed_showinfo_0 @ 0x563277421f00] [info] config in time_base: 1/1200000, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x563277421f00] [info] n:   0 pts:      0 pts_time:0       pos:        0 fmt:yuv420p sar:16/15 s:128x96 i:T iskey:1 type:I 
[Parsed_showinfo_0 @ 0x563277421f00] [info]   side data - displaymatrix: rotation of 90.00 degrees
[Parsed_showinfo_0 @ 0x563277421f00] [info]   side data - User Data Unregistered:
[Parsed_showinfo_0 @ 0x563277421f00] [info] UUID=dc45e9bd-e6d9-48b7-962c-d820d923eeef
[Parsed_showinfo_0 @ 0x563277421f00] [info] 
[Parsed_showinfo_0 @ 0x563277421f00] [info] color_range:tv color_space:bt2020nc color_primaries:bt2020 color_trc:smpte2084`,
  'ffmpeg 7.0': `
[Parsed_showinfo_0 @ 0x7f043c001cc0] config in time_base: 1/1200000, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x7f043c001cc0] n:   0 pts:      0 pts_time:0       duration:  48000 duration_time:0.04    fmt:yuv420p cl:left sar:16/15 s:128x96 i:T iskey:1 type:I 
[Parsed_showinfo_0 @ 0x7f043c001cc0]   side data - 3x3 displaymatrix: rotation of 90.00 degrees
[Parsed_showinfo_0 @ 0x7f043c001cc0]   side data - H.26[45] User Data Unregistered SEI message: UUID=dc45e9bd-e6d9-48b7-962c-d820d923eeef
[Parsed_showinfo_0 @ 0x7f043c001cc0] 
[Parsed_showinfo_0 @ 0x7f043c001cc0] color_range:tv color_space:bt2020nc color_primaries:bt2020 color_trc:smpte2084`,
  'ffmpeg 7.0 with levels': `
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info] config in time_base: 1/1200000, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info] n:   0 pts:      0 pts_time:0       duration:  48000 duration_time:0.04    fmt:yuv420p cl:left sar:16/15 s:128x96 i:T iskey:1 type:I 
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info]   side data - 3x3 displaymatrix: rotation of 90.00 degrees
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info]   side data - H.26[45] User Data Unregistered SEI message: UUID=dc45e9bd-e6d9-48b7-962c-d820d923eeef
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info] 
[Parsed_showinfo_0 @ 0x7f1e54001cc0] [info] color_range:tv color_space:bt2020nc color_primaries:bt2020 color_trc:smpte2084`,
};

describe('what the filter showinfo says of a picture', () => {
  it.each(Object.entries(LOGS))('is read from the log of %s', (_, log) => {
    const shown = log.split('\n').flatMap((line) => shownPicture(line) ?? []);
    expect(shown).toEqual([
      {
        ...{ kind: 'picture', n: 0, seconds: 0, pixelFormat: 'yuv420p', width: 128, height: 96 },
        ...{ sar: { num: 16, den: 15 }, field: 'T' },
      },
      { kind: 'rotation', degrees: 90 },
      { kind: 'colour', range: 'tv', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
    ]);
  });

  it('says that a picture has no fields, and that nothing is known of its colours', () => {
    expect(
      shownPicture(
        '[Parsed_showinfo_0 @ 0x55662e925900] [info] n: 171 pts:   4582 pts_time:0.0509111 pos:    20492 fmt:yuv420p sar:1/1 s:640x360 i:P iskey:0 type:P ',
      ),
    ).toMatchObject({ n: 171, seconds: 0.0509111, field: undefined });
    expect(
      shownPicture(
        '[Parsed_showinfo_0 @ 0x55662e925900] color_range:tv color_space:unknown color_primaries:unknown color_trc:unknown',
      ),
    ).toMatchObject({ kind: 'colour', matrix: 'unknown' });
  });

  it.each([
    '[h264 @ 0x558e208a0080] [error] error while decoding MB 17 6, bytestream 734',
    '[info] Input #0, mov, from n: 3 pts: 4 fmt:yuv420p sar:1/1 s:640x360 i:P ',
    '',
  ])('is none in a line of somebody else: %s', (line) => {
    expect(shownPicture(line)).toBeUndefined();
  });
});
