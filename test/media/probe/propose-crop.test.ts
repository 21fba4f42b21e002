import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { judgedCrop } from '../../../core/filters/crop-proposal.ts';
import { proposeCrop } from '../../../media/probe/propose-crop.ts';
import { makeClip } from '../../fixtures/make.ts';
import { aProbe, aStream, aVideo } from '../../fixtures/probes.ts';

const never = new AbortController().signal;
const size = { width: 160, height: 120 };
const FILM = 'testsrc2=size=160x80:rate=25:duration=1';

async function found(file: string, filters: string, format: string) {
  const args = ['-f', 'lavfi', '-i', FILM, '-vf', `${filters},format=${format}`, '-c:v', 'ffv1'];
  const path = await makeClip({ file, args });
  const probe = aProbe([aStream('video', 'ffv1', { video: aVideo({ ...size, pixelFormat: format }) })]);
  return proposeCrop('ffmpeg', { path, probe, stream: 0 }, 1, never);
}

describe('black bars', () => {
  it.each([
    { format: 'yuv420p', file: 'bars-8.mkv' },
    { format: 'yuv420p10le', file: 'bars-10.mkv' },
    { format: 'yuv422p12le', file: 'bars-12.mkv' },
    { format: 'yuv444p16le', file: 'bars-16.mkv' },
  ])('are found in $format', async ({ format, file }) => {
    const proposal = await found(file, 'pad=160:120:0:20', format);
    expect(proposal?.area).toEqual({ width: 160, height: 80, left: 0, top: 20 });
    expect(proposal && judgedCrop(proposal, size)).toEqual({ crop: proposal?.area, warnings: [] });
  });

  it('are shown in a frame of the film, with the found part framed', async () => {
    const proposal = await found('bars-8.mkv', 'pad=160:120:0:20', 'yuv420p');
    const { data, info } = await sharp(proposal?.picture).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 160, height: 120, channels: 3 });
    const at = (x: number, y: number) => [...data.subarray(3 * (y * 160 + x), 3 * (y * 160 + x) + 3)];
    const [red = 0, green = 0] = at(80, 20);
    expect(red - green).toBeGreaterThan(60);
    expect(Math.max(...at(80, 5))).toBeLessThan(30);
  });

  it('are not what surrounds the one light of a dark film', async () => {
    const dark = 'pad=160:120:0:20,lutyuv=y=20,drawbox=x=60:y=40:w=16:h=12:color=white:t=fill';
    const proposal = await found('dark.mkv', dark, 'yuv420p');
    expect(proposal?.area).toEqual({ width: 16, height: 12, left: 60, top: 40 });
    expect(proposal && judgedCrop(proposal, size)).toEqual({
      crop: undefined,
      warnings: [expect.stringMatching(/16x12 of 160x120 \(1.0 %\).*nothing is cropped; ask for crop=16:12:60:40/)],
    });
  });

  it('are told where they leave less than half of the picture', () => {
    const area = { width: 68, height: 120, left: 46, top: 0 };
    const { crop, warnings } = judgedCrop({ area, picture: Buffer.alloc(0) }, size);
    expect(crop).toEqual(area);
    expect(warnings).toEqual([expect.stringContaining('crop=auto keeps 68x120 of 160x120 (43 %)')]);
  });
});
