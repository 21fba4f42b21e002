import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parseFfprobe } from '../../../core/film/parse-ffprobe.ts';
import { mainVideo } from '../../../core/film/probe.ts';

/** What ffprobe 5.1 said of a clip of test/fixtures/clips.ts; Dolby Vision's side data are written by hand in its format. */
async function recorded(name: string) {
  const { file, firstFrame } = JSON.parse(await readFile(`test/fixtures/ffprobe/${name}.json`, 'utf8'));
  return { file, firstFrame, probe: () => parseFfprobe(file, firstFrame) };
}

const probeOf = async (name: string) => (await recorded(name)).probe();
const pictureOf = async (name: string) => mainVideo(await probeOf(name))?.video;

describe("ffprobe's words become a probe", () => {
  it('of an HDR10 clip, whose light is told by its first frame', async () => {
    expect(await pictureOf('hdr10')).toMatchObject({
      width: 320,
      height: 240,
      pixelFormat: 'yuv420p10le',
      fieldOrder: 'progressive',
      baseFrameRate: { num: 24, den: 1 },
      colour: { primaries: 'bt2020', transfer: 'smpte2084', matrix: 'bt2020nc', range: 'tv', chromaLocation: 'left' },
      hdr: {
        masterDisplay: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)',
        contentLight: '1000,400',
        dolbyVision: undefined,
        hdr10plus: false,
      },
    });
  });

  it('of a clip whose first picture is HLG by a message, where the stream names the curve of BT.2020 for old screens', async () => {
    const { file, firstFrame } = await recorded('hdr10');
    const [stream] = file.streams;
    const shown = (stated: string, seen: string) =>
      mainVideo(
        parseFfprobe(
          { ...file, streams: [{ ...stream, color_transfer: stated }] },
          { frames: [{ ...firstFrame.frames[0], color_transfer: seen }] },
        ),
      )?.video?.colour.transfer;
    expect(shown('bt2020-10', 'arib-std-b67')).toBe('arib-std-b67');
    expect(shown('smpte2084', 'arib-std-b67')).toBe('smpte2084');
    expect(shown('bt709', 'bt2020-10')).toBe('bt709');
  });

  it('of a clip with Dolby Vision and HDR10+', async () => {
    expect((await pictureOf('dolby-vision'))?.hdr).toMatchObject({
      dolbyVision: { profile: 8, level: 6, compatibility: 1, hasRpu: true, hasEnhancementLayer: false },
      hdr10plus: true,
    });
  });

  it('of a clip that is turned', async () => {
    const matrix = [0, 65_536, 0, -65_536, 0, 0, 7_864_320, 0, 1_073_741_824];
    expect((await pictureOf('rotated'))?.displayMatrix).toEqual(matrix);
    expect((await pictureOf('hdr10'))?.displayMatrix).toBeUndefined();
  });

  it('of a clip with cover art, which is not its picture', async () => {
    const probe = await probeOf('cover-art');
    const pictures = probe.streams.flatMap(({ index, video }) => (video ? [[index, video.isAttachedPicture]] : []));
    expect(pictures).toEqual([
      [0, false],
      [2, true],
    ]);
    expect(mainVideo(probe)?.index).toBe(0);
  });

  it('of a clip with timecode', async () => {
    const probe = await probeOf('timecode');
    expect(probe.streams.map(({ type, codec, tags }) => [type, codec, tags.timecode])).toEqual([
      ['video', 'h264', '01:02:03:04'],
      ['data', 'tmcd', '01:02:03:04'],
    ]);
  });

  it('of a clip with many tracks', async () => {
    const probe = await probeOf('many-tracks');
    expect(probe).toMatchObject({ format: 'matroska,webm', access: 'indexed', startSeconds: 0, chapters: 0 });
    expect(probe.streams.map(({ index, type, codec, tags }) => [index, type, codec, tags.language])).toEqual([
      [0, 'video', 'h264', undefined],
      [1, 'audio', 'aac', 'eng'],
      [2, 'audio', 'opus', 'fra'],
      [3, 'subtitle', 'subrip', 'deu'],
      [4, 'subtitle', 'ass', undefined],
      [5, 'attachment', 'ttf', undefined],
    ]);
    expect(probe.streams[1]).toMatchObject({
      audio: { channels: 1, sampleRate: 44_100, sampleFormat: 'fltp' },
      timeBase: { num: 1, den: 1000 },
      dispositions: ['default'],
    });
    expect(probe.streams[5]?.tags.filename).toBe('font.ttf');
  });

  it('of a transport stream that begins late', async () => {
    const probe = await probeOf('late-ts');
    expect(probe).toMatchObject({ format: 'mpegts', access: { firstStream: 1 }, startSeconds: 101.376_778 });
    expect(probe.streams[0]?.startSeconds).toBeGreaterThan(101.37);
  });

  it('of an interlaced DVD', async () => {
    expect((await pictureOf('interlaced-mpeg2'))?.fieldOrder).toBe('interlaced');
  });
});

describe('whether a picture is interlaced', () => {
  it.each([
    { says: 'tt', frame: 1, codec: 'h264', is: 'interlaced' },
    { says: 'bt', frame: 0, codec: 'h264', is: 'interlaced' },
    { says: 'progressive', frame: 1, codec: 'h264', is: 'progressive' },
    { says: 'unknown', frame: 1, codec: 'mpeg4', is: 'interlaced' },
    { says: 'unknown', frame: 0, codec: 'mpeg4', is: 'progressive' },
    { says: undefined, frame: 0, codec: 'theora', is: 'progressive' },
    { says: 'unknown', frame: 0, codec: 'huffyuv', is: 'unknown' },
    { says: 'unknown', frame: 0, codec: 'rawvideo', is: 'unknown' },
    { says: 'unknown', frame: undefined, codec: 'mpeg4', is: 'unknown' },
  ])('is $is where the stream says $says and its first frame $frame, in $codec', async ({ says, frame, codec, is }) => {
    const { file, firstFrame } = await recorded('hdr10');
    Object.assign(file.streams[0], { field_order: says, codec_name: codec });
    Object.assign(firstFrame.frames[0], { interlaced_frame: frame });
    expect(mainVideo(parseFfprobe(file, firstFrame))?.video.fieldOrder).toBe(is);
  });

  it('is not told by the first frame of another stream', async () => {
    const { file, firstFrame } = await recorded('hdr10');
    Object.assign(file.streams[0], { field_order: 'unknown', codec_name: 'mpeg4' });
    Object.assign(firstFrame.frames[0], { stream_index: 3 });
    expect(mainVideo(parseFfprobe(file, firstFrame))?.video).toMatchObject({
      fieldOrder: 'unknown',
      hdr: { contentLight: undefined },
    });
  });
});

describe('a picture whose range', () => {
  it.each([
    { format: 'yuvj420p', says: undefined, is: 'pc' },
    { format: 'yuv420p', says: 'pc', is: 'pc' },
    { format: 'yuv420p', says: 'tv', is: 'tv' },
    { format: 'yuv420p', says: 'unknown', is: undefined },
  ])('is told as $says in $format is $is', async ({ format, says, is }) => {
    const { file, firstFrame } = await recorded('hdr10');
    Object.assign(file.streams[0], { pix_fmt: format, color_range: says });
    expect(mainVideo(parseFfprobe(file, firstFrame))?.video.colour.range).toBe(is);
  });
});

describe('what ffprobe leaves out or makes up', () => {
  it.each([
    ['mov,mp4,m4a,3gp,3g2,mj2', { chapters: 1, hasMarkedMoments: true }],
    ['matroska,webm', { chapters: 2, hasUntitledChapters: true }],
  ])('a chapter of %s without a title is one only where that has such', (format_name, is) => {
    const file = { streams: [], chapters: [{ tags: { title: '' } }, {}], format: { format_name } };
    expect(parseFfprobe(file, {})).toMatchObject(is);
  });

  it('is left out, and nothing is thrown', () => {
    const file = {
      streams: [{ index: 0 }, { index: 1, codec_type: 'video', codec_tag_string: 'xyzw' }],
      format: { format_name: 'avi' },
    };
    const probe = parseFfprobe(file, {});
    expect(probe).toMatchObject({ bytes: 0, startSeconds: 0, durationSeconds: undefined, chapters: 0 });
    expect(probe.streams).toMatchObject([
      { type: 'data', codec: 'unknown', video: undefined },
      { type: 'video', codec: 'xyzw', video: undefined },
    ]);
    expect(mainVideo(probe)).toBeUndefined();
  });

  it.each([
    { what: 'no start', start: undefined },
    { what: 'a start that is no number', start: 'N/A' },
  ])('is 0 for $what', ({ start }) => {
    expect(parseFfprobe({ streams: [], format: { format_name: 'h264', start_time: start } }, {}).startSeconds).toBe(0);
  });

  it.each([{}, { format: {} }, 'text', null, { streams: 'none', format: { format_name: 'avi' } }])(
    'is refused as bad input where it is %j',
    (json) => {
      expect(() => parseFfprobe(json, {})).toThrow(expect.objectContaining({ code: 'bad-input' }));
    },
  );
});
