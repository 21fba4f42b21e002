import { describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { withDolbyVision } from '../fixtures/dolby-vision.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';

async function made(source: string, { recipe = 'preserve', set = {} as RawSettings } = {}) {
  const { manifest, path: pathOf } = await milledFile(source, { ...QUICK, evenIfLarger: true, ...set }, recipe);
  const path = pathOf(manifest.renditions[0]?.path ?? '');
  const first = ['-read_intervals', '%+#1', '-show_frames'];
  const { streams, frames } = await ffprobe(path, '-select_streams', 'V:0', '-show_streams', ...first);
  return { manifest, rendition: manifest.renditions[0], stream: streams[0], frame: frames[0] };
}

const sideData = (of: { side_data_list?: { side_data_type: string }[] }, type: RegExp) =>
  of.side_data_list?.find(({ side_data_type }) => type.test(side_data_type));

/** H.264 that says how two eyes lie in its pictures; 1: in alternating columns, 3: side by side, 4: top and bottom. */
const withTwoEyes = (packing: number) => ({
  file: `eyes-${packing}.mp4`,
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=0.4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ...['-x264-params', `frame-packing=${packing}`],
  ],
});

describe('a picture keeps', () => {
  it('its HDR10 metadata and colours, its depth, and is hvc1', async () => {
    const source = await clip('hdr10');
    const { stream, frame, rendition } = await made(source);
    expect(stream).toMatchObject({
      codec_tag_string: 'hvc1',
      pix_fmt: 'yuv420p10le',
      color_primaries: 'bt2020',
      color_transfer: 'smpte2084',
      color_space: 'bt2020nc',
      color_range: 'tv',
    });
    expect(sideData(frame, /^Mastering/)).toMatchObject({
      red_x: '34000/50000',
      green_y: '34500/50000',
      white_point_x: '15635/50000',
      min_luminance: '50/10000',
      max_luminance: '10000000/10000',
    });
    expect(sideData(frame, /^Content light/)).toMatchObject({ max_content: 1000, max_average: 400 });
    expect(rendition).toMatchObject({ codec: 'hevc', codecString: expect.stringMatching(/^hvc1\.2\.4\.L\d+\.B?/) });
  });

  it('the way it is turned', async () => {
    const { stream } = await made(await clip('rotated'));
    expect(stream).toMatchObject({ width: 160, height: 120 });
    expect(sideData(stream, /^Display Matrix/)).toMatchObject({ rotation: -90 });
  });

  it('the shape of its pixels', async () => {
    const { stream } = await made(await clip('anamorphic'));
    expect(stream).toMatchObject({
      width: 180,
      height: 144,
      sample_aspect_ratio: '64:45',
      display_aspect_ratio: '16:9',
    });
  });

  it.each([
    [3, 'side by side'],
    [4, 'top and bottom'],
  ])('where its two eyes lie, as H.264 says it (frame packing %i)', async (packing, type) => {
    const { stream, rendition } = await made(await makeClip(withTwoEyes(packing)));
    expect(sideData(stream, /^Stereo 3D/)).toMatchObject({ type });
    expect(rendition?.checks).toContainEqual(
      expect.objectContaining({ name: 'spherical metadata as planned', passed: true }),
    );
  });

  it('its full range', async () => {
    const { stream } = await made(await clip('fullRange'));
    expect(stream.color_range).toBe('pc');
  });

  it.each([
    { name: 'prores', format: 'yuv422p10le' },
    { name: 'yuv444', format: 'yuv444p' },
  ] as const)('$format', async ({ name, format }) => {
    expect((await made(await clip(name))).stream.pix_fmt).toBe(format);
  });
});

describe('what a picture loses is told', () => {
  it('alpha', async () => {
    const { manifest } = await made(await clip('alpha'));
    expect(manifest.warnings).toContainEqual(expect.stringContaining('cannot hold the alpha channel'));
  });

  it('an odd size, to which a column and a row are added', async () => {
    const { manifest, stream } = await made(await clip('oddVp9'));
    expect(stream).toMatchObject({ width: 162, height: 122 });
    expect(manifest.warnings).toContainEqual(
      'preserve is 162x122, since yuv420p needs even sides: 1 column at the right and 1 row at the bottom are added, which are black',
    );
  });

  it('two eyes in a way that MP4 has no word for', async () => {
    const { manifest } = await made(await makeClip(withTwoEyes(1)));
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^two eyes lie in each picture/));
  });

  it('Dolby Vision of which no picture has the metadata', async () => {
    const { manifest } = await made(await makeClip(withDolbyVision));
    expect(manifest.warnings).toContainEqual(expect.stringContaining('none of its pictures has the metadata'));
  });
});

describe('an interlaced picture', () => {
  it.each(['interlacedH264', 'interlacedMpeg2'] as const)(
    'is found, and each field becomes a picture by bwdif: %s',
    async (name) => {
      const source = await clip(name);
      const { rendition, frame } = await made(source);
      expect(rendition?.command.join(' ')).toContain('bwdif=mode=send_field');
      expect(rendition).toMatchObject({ frames: 100, segments: { total: 2 } });
      expect(frame.interlaced_frame).toBe(0);
    },
  );

  it('is found, too, where its codec tells nothing of fields', async () => {
    const fields = 'tinterlace=interleave_top,setfield=prog';
    const args = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=50:duration=1', '-vf', fields, '-c:v', 'huffyuv'];
    const { rendition } = await made(await makeClip({ file: 'fields.avi', args }));
    expect(rendition?.command.join(' ')).toContain('bwdif');
  });
});

describe('a progressive picture is left alone', () => {
  const still = async (source: string) => (await made(source)).rendition?.command.join(' ');

  it.each(['avi', 'ogg', 'mpeg1', 'openDml'] as const)(
    'where the container says nothing of fields: %s',
    async (name) => {
      expect(await still(await clip(name))).not.toContain('bwdif');
    },
  );

  it('where its stream claims to be interlaced', async () => {
    const camera = ['-i', 'demo/clips/VID_20191220_170832.mp4', '-frames:v', '25', '-vf', 'scale=320:-2', '-an'];
    const flagged = ['-c:v', 'mpeg2video', '-q:v', '5', '-flags', '+ilme+ildct', '-top', '1'];
    const source = await makeClip({ file: 'flagged.mpg', args: [...camera, ...flagged, '-r', '25', '-f', 'vob'] });
    const { streams } = await ffprobe(source, '-show_streams');
    expect(streams[0].field_order).toBe('tt');
    expect(await still(source)).not.toContain('bwdif');
  });
});

describe('downscale', () => {
  it.each([
    { from: '2600x1480', set: {}, to: { width: 2530, height: 1440 } },
    { from: '1500x2600', set: {}, to: { width: 1440, height: 2496 } },
    { from: '160x120', set: {}, to: { width: 160, height: 120 } },
    { from: '120x160', set: { shortSide: '60' }, to: { width: 60, height: 80 } },
  ])('brings $from with $set to its size, and no smaller picture to another', async ({ from, set, to }) => {
    const args = [
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${from}:rate=25:duration=0.12`,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ];
    const source = await makeClip({ file: `${from}.mp4`, args });
    const { stream, rendition } = await made(source, { recipe: 'downscale', set });
    expect(stream).toMatchObject({ ...to, sample_aspect_ratio: '1:1' });
    expect(rendition).toMatchObject({ name: 'downscale', path: 'downscale.mp4', frames: 3 });
  });
});
