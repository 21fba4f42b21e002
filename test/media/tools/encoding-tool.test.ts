import { describe, expect, it } from '@jest/globals';
import { encodingTool, versionsFor } from '../../../media/tools/encoding-tool.ts';
import type { Tool } from '../../../media/tools/toolbox.ts';
import { localConfig } from '../../../runtime/config.ts';
import { localToolbox } from '../../../runtime/local-ports.ts';

const tool = (path: string, encoders: readonly string[]): Tool => ({
  ...{ path, version: `version of ${path}` },
  ...{ encoders: new Set(encoders), decoders: new Set(), filters: new Set(), muxers: new Set() },
});
const old = tool('/old', ['libx265', 'hap', 'prores_ks']);
const fresh = tool('/fresh', ['libx265', 'dxv', 'prores_ks']);
const toolbox = { ffmpeg: old, all: [old, fresh] };
const never = new AbortController().signal;

describe('the tool that encodes', () => {
  it.each([
    { codec: 'x265', path: '/old' },
    { codec: 'x265-intra', path: '/old' },
    { codec: 'prores', path: '/old' },
    { codec: 'hap', path: '/old' },
    { codec: 'dxv', path: '/fresh' },
  ] as const)('$codec is $path', ({ codec, path }) => {
    expect(encodingTool(toolbox, codec).path).toBe(path);
  });

  it('is the one whose versions go into the keys', async () => {
    expect(await versionsFor(toolbox, 'dxv', never)).toEqual({
      ffmpeg: 'version of /fresh',
      feeder: 'version of /old',
    });
  });

  it('is told where to get it for AV1, if no ffmpeg has SVT-AV1', () => {
    expect(() => encodingTool(toolbox, 'svt-av1')).toThrow(
      expect.objectContaining({
        code: 'missing-tool',
        message: expect.stringMatching(
          /no ffmpeg here has the encoder libsvtav1: \/old .*It comes with the ffmpeg of Debian 12/,
        ),
      }),
    );
  });

  it('is asked which SVT-AV1 it has', async () => {
    const real = await localToolbox(localConfig(), never);
    expect((await versionsFor(real, 'svt-av1', never)).libsvtav1).toMatch(/^\d+\.\d+/);
  });

  it('is asked which libx264 and libx265 it has', async () => {
    const real = await localToolbox(localConfig(), never);
    expect(await versionsFor(real, 'x265', never)).toEqual({
      ffmpeg: real.ffmpeg.version,
      libx265: expect.stringMatching(/^\d+\.\d+\S* \[.+\]/),
    });
    expect(await versionsFor(real, 'x264', never)).toMatchObject({ libx264: expect.stringMatching(/^core \d+/) });
  });

  it('is missing if its library does not work any more', async () => {
    const broken = tool('/bin/false', ['libx265']);
    await expect(versionsFor({ ffmpeg: broken, all: [broken] }, 'x265', never)).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringContaining('/bin/false lists libx265'),
    });
  });

  it('is missing with a message that names the tools that exist and what to install', () => {
    expect(() => encodingTool({ ffmpeg: old, all: [old] }, 'dxv')).toThrow(
      expect.objectContaining({
        code: 'missing-tool',
        message: expect.stringMatching(/dxv.*\/old.*FFmpeg 7\.0.*imageio/),
      }),
    );
  });
});
