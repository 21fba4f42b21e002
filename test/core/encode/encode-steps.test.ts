import { describe, expect, it } from '@jest/globals';
import { encoderArgs } from '../../../core/encode/encode-args.ts';
import { encodeSpecFor } from '../../../core/encode/encode-spec-for.ts';
import { encodeSteps } from '../../../core/encode/encode-steps.ts';
import type { VideoFacts } from '../../../core/film/probe.ts';
import { candidates } from '../../../core/recipes/renditions.ts';
import { upscale } from '../../../core/recipes/upscale.ts';
import { type RawSettings, resolveSettings } from '../../../core/settings/settings.ts';

const video: VideoFacts = {
  ...{ width: 1024, height: 432, sar: { num: 1, den: 1 }, pixelFormat: 'yuv420p', fieldOrder: 'progressive' },
  ...{ baseFrameRate: undefined, averageFrameRate: undefined, displayMatrix: undefined },
  colour: { primaries: undefined, transfer: undefined, matrix: undefined, range: undefined, chromaLocation: undefined },
  hdr: { masterDisplay: undefined, contentLight: undefined, dolbyVision: undefined, hdr10plus: false },
  ...{ isAttachedPicture: false, hasClosedCaptions: false },
};

function steps(asked: RawSettings, over: Partial<VideoFacts> = {}) {
  const settings = resolveSettings(upscale, asked);
  const [rendition] = candidates(upscale, settings);
  if (!rendition) throw new Error('no rendition');
  const rest = { frameRate: { num: 25, den: 1 }, tools: {} };
  return encodeSteps(encodeSpecFor({ rendition, settings, video: { ...video, ...over }, ...rest }).spec);
}

const encoders = (asked: RawSettings, over?: Partial<VideoFacts>) =>
  steps(asked, over).map(({ spec, enlarges }) =>
    enlarges && spec.codec === 'x265' ? 'x265' : encoderArgs(spec).join(' '),
  );

describe('the intermediates of an enlarged film', () => {
  it('have a constant quantizer in all-intra HEVC by a graphics card', () => {
    const [mezzanine, film] = encoders({ mezzanine: 'hevc-intra', encoder: 'nvenc' });
    expect(mezzanine).toBe(
      '-fps_mode passthrough -enc_time_base -1 -pix_fmt p010le -c:v hevc_nvenc -preset p5 -tune hq -rc constqp -qp 18 -profile:v main10 -g 0 -bf 0 -color_primaries bt709 -color_trc smpte170m -colorspace smpte170m',
    );
    expect(film).toMatch(/-c:v libx265 -preset faster -crf 16 -tune grain/);
  });

  it.each([
    { asked: {}, like: [/^x265$/] },
    { asked: { pre: 'proreslt' }, like: [/prores_ks -profile:v 1/, /^x265$/] },
    { asked: { mezzanine: 'hevc-intra' }, like: [/libx265 .*keyint=1:/, /libx265 .*-tune grain/] },
    {
      asked: { pre: 'prores422', mezzanine: 'prores422hq' },
      like: [/prores_ks -profile:v 2/, /prores_ks -profile:v 3/, /libx265/],
    },
  ])('are one encode step after the other for $asked', ({ asked, like }) => {
    expect(encoders(asked)).toEqual(like.map((each) => expect.stringMatching(each)));
  });

  it.each([
    { of: 'yuv420p', holds: 'yuv420p10le' },
    { of: 'yuv422p', holds: 'yuv422p10le' },
    { of: 'yuv444p12le', holds: 'yuv444p12le' },
    { of: 'yuvj420p', holds: 'yuv420p10le' },
    { of: 'gray', holds: 'gray10le' },
  ])('hold $of as $holds in all-intra HEVC', ({ of, holds }) => {
    expect(steps({ mezzanine: 'hevc-intra' }, { pixelFormat: of })[0]?.spec.pixelFormat).toBe(holds);
  });

  it.each(['yuv422p', 'yuv420p12le', 'gray'])(
    'are refused for %s, which a graphics card cannot hold',
    (pixelFormat) => {
      expect(() => steps({ mezzanine: 'hevc-intra', encoder: 'nvenc' }, { pixelFormat })).toThrow(
        expect.objectContaining({ code: 'usage', message: expect.stringContaining(pixelFormat) }),
      );
    },
  );

  it('are made by the graphics card if the mezzanine is kept, too', () => {
    const settings = resolveSettings(upscale, { mezzanine: 'hevc-intra', encoder: 'nvenc', keepMezzanine: 'true' });
    expect(candidates(upscale, settings).map(({ codec }) => codec)).toEqual(['hevc-nvenc-intra', 'x265']);
  });
});
