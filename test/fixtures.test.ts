import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { ClipName } from './fixtures/clips.ts';
import { clip } from './fixtures/make.ts';

const run = promisify(execFile);

/** What ffprobe says of a clip, as lines of `name=value`. */
async function probed(name: ClipName, entries: string): Promise<string> {
  const options = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    entries,
    '-of',
    'default=noprint_wrappers=1',
  ];
  return (await run('ffprobe', [...options, await clip(name)])).stdout;
}

describe('the synthetic clips', () => {
  it.each<[ClipName, string, RegExp]>([
    ['cfr', 'stream=avg_frame_rate,nb_frames', /=25\/1\nnb_frames=50/],
    ['p5994', 'stream=r_frame_rate,avg_frame_rate', /=60000\/1001\navg_frame_rate=60000\/1001/],
    ['lateVideo', 'packet=pts_time', /^pts_time=0\.5/],
    ['longGop', 'packet=flags', /^flags=K__?\n(flags=___?\n){99}$/],
    ['lateTs', 'stream=start_time', /=10[01]\./],
    [
      'hdr10',
      'frame=pix_fmt:frame_side_data=side_data_type,max_content',
      /yuv420p10le[\s\S]*Mastering display[\s\S]*max_content=1000/,
    ],
    ['interlacedH264', 'frame=interlaced_frame,top_field_first', /interlaced_frame=1\ntop_field_first=1/],
    ['interlacedMpeg2', 'frame=interlaced_frame,top_field_first', /interlaced_frame=1\ntop_field_first=1/],
    ['anamorphic', 'stream=sample_aspect_ratio', /=64:45/],
    ['rotated', 'stream_side_data=rotation', /rotation=-?90/],
    ['timecode', 'stream_tags=timecode', /=01:02:03:04/],
    ['prores', 'stream=codec_name,pix_fmt', /=prores\npix_fmt=yuv422p10le/],
    ['alpha', 'stream=pix_fmt', /=yuva444p1\dle/],
    ['yuv444', 'stream=pix_fmt', /=yuv444p/],
    ['fullRange', 'stream=color_range', /=pc/],
    ['oddVp9', 'stream=width,height', /=161\nheight=121/],
    ['coverArt', 'stream_disposition=attached_pic', /attached_pic=0[\s\S]*attached_pic=1/],
    ['oneFrame', 'stream=nb_frames', /=1\n/],
    ['packedAvi', 'packet=size', /^size=\d\n/m],
    ['manyTracks', 'format=nb_streams', /=6\n/],
    ['tunedIn', 'stream=codec_name', /=mpeg2video/],
  ])('are what their names say: %s', async (name, entries, expected) => {
    expect(await probed(name, entries)).toMatch(expected);
  });

  it('have irregular gaps where the frame rate varies', async () => {
    const times = [...(await probed('vfr', 'packet=pts')).matchAll(/=(\d+)/g)]
      .map(([, pts]) => Number(pts))
      .sort((a, b) => a - b);
    const gaps = new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0)));
    expect(times).toHaveLength(50);
    expect(gaps.size).toBeGreaterThan(5);
  });

  it('have pictures before a later keyframe that are decoded after it where the GOPs are open', async () => {
    const packets = [...(await probed('openGop', 'packet=pts,flags')).matchAll(/pts=(\d+)\nflags=(\S)/g)];
    const last = packets.findLastIndex(([, , key]) => key === 'K');
    expect(last).toBeGreaterThan(0);
    expect(Number(packets[last + 1]?.[1])).toBeLessThan(Number(packets[last]?.[1]));
  });

  it('have chapters', async () => {
    expect((await run('ffprobe', ['-v', 'error', '-show_chapters', await clip('chapters')])).stdout).toMatch(
      /title=One[\s\S]*title=Two/,
    );
  });
});
