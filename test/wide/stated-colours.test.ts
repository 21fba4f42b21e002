import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { makeClip } from '../fixtures/make.ts';
import { milledFile, QUICK } from '../support/mill.ts';

const BT709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
const settings = { ...QUICK, evenIfLarger: 'true' };

/** A film whose pictures are in BT.709, as only its container says. */
async function statedByContainer(file: string, encoder: readonly string[]) {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=0.6', '-vf', 'scale=out_color_matrix=bt709'];
  const bare = await makeClip({ file: `bare-${file}`, args: [...picture, ...encoder] });
  return makeClip({ file, args: ['-i', bare, '-c', 'copy', ...BT709] });
}

const coloursOf = async (path: string) =>
  (
    await execa('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=color_space,color_primaries,color_transfer'],
      ...['-of', 'csv=p=0', path],
    ])
  ).stdout.trim();

describe('colours that only the container states', () => {
  it.each([
    { file: 'hevc.mp4', encoder: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'] },
    { file: 'vp9.webm', encoder: ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-pix_fmt', 'yuv420p'] },
    { file: 'prores.mov', encoder: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'] },
    { file: 'prores.mkv', encoder: ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le'] },
  ])('stay those of the film: $file', async ({ file, encoder }) => {
    const { path } = await milledFile(await statedByContainer(file, encoder), settings);
    expect(await coloursOf(path('preserve.mp4'))).toBe('bt709,bt709,bt709');
  });

  it('count against a decoder that names others: VP8 always says BT.601', async () => {
    const encoder = ['-c:v', 'libvpx', '-b:v', '3M', '-crf', '5', '-pix_fmt', 'yuv420p'];
    const { path } = await milledFile(await statedByContainer('vp8.webm', encoder), settings);
    expect(await coloursOf(path('preserve.mp4'))).toBe('bt709,bt709,bt709');
  });
});
