import { describe, expect, it } from '@jest/globals';
import { ffmpegReader } from '../../../media/ffmpeg-reader.ts';
import { makeClip } from '../../fixtures/make.ts';
import { freshToolbox } from '../../support/toolbox.ts';

describe('a WebM with alpha beside its picture', () => {
  const signal = new AbortController().signal;
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=0.2,format=yuva420p'];

  it.each([
    { codec: 'vp8', encoder: 'libvpx' },
    { codec: 'vp9', encoder: 'libvpx-vp9' },
  ])('is read, or names the decoder that the ffmpeg here does not have: $codec', async ({ codec, encoder }) => {
    const film = await makeClip({
      file: `${codec}.webm`,
      args: [...picture, '-c:v', encoder, '-auto-alt-ref', '0'],
    });
    const toolbox = await freshToolbox(signal);
    const { ffmpeg } = toolbox;
    const found = await ffmpegReader(toolbox).inspect(film, signal);
    expect(found.probe.streams[0]).toMatchObject({ codec, video: { pixelFormat: 'yuva420p' } });
    const decoders = new Set([...ffmpeg.decoders].filter((name) => !name.startsWith('libvpx')));
    await expect(
      ffmpegReader({ ...toolbox, ffmpeg: { ...ffmpeg, decoders } }).inspect(film, signal),
    ).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringContaining(`by the decoder ${encoder}, which the ffmpeg here does not have`),
    });
  });
});
