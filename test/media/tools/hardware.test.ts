import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodingTool, versionsFor } from '../../../media/tools/encoding-tool.ts';
import { reasonIn, tryEncoder } from '../../../media/tools/hardware.ts';
import type { Tool } from '../../../media/tools/toolbox.ts';
import { localConfig } from '../../../runtime/config.ts';
import { hardwareTrials } from '../../../runtime/hardware-trials.ts';
import { localToolbox } from '../../../runtime/local-ports.ts';
import { makeClip } from '../../fixtures/make.ts';
import { testMill } from '../../support/mill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const never = new AbortController().signal;

/** A program that answers as an ffmpeg with this card would. */
async function program(script: string): Promise<string> {
  const path = join(await temporaryFolder(), 'ffmpeg');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
const listing = (path: string): Tool => ({
  ...{ path, version: '7.1', encoders: new Set(['hevc_nvenc']) },
  ...{ decoders: new Set(), filters: new Set(), muxers: new Set() },
});

describe("a graphics card's encoder", () => {
  it('works if it encodes a few frames, and its device becomes part of the keys', async () => {
    const path = await program(
      'case "$*" in *-frames:v*hevc_nvenc*) echo "[hevc_nvenc @ 0x1] [ GPU #0 - < NVIDIA L4 > has Compute SM 8.9 ]" >&2;; *) exit 1;; esac',
    );
    expect(await tryEncoder(path, 'hevc_nvenc', never)).toEqual({ works: true, device: 'NVIDIA L4' });
    const toolbox = { ffmpeg: listing(path), all: [listing(path)] };
    expect(await versionsFor(toolbox, 'hevc-nvenc', never)).toEqual({ ffmpeg: '7.1', device: 'NVIDIA L4' });
  });

  it('does not work if it is only listed, and the reason is one sentence', async () => {
    const path = await program('echo "[hevc_nvenc @ 0x1] Cannot load libcuda.so.1" >&2; exit 187');
    const toolbox = { ffmpeg: listing(path), all: [listing(path)] };
    await expect(versionsFor(toolbox, 'hevc-nvenc', never)).rejects.toMatchObject({
      code: 'missing-tool',
      exitCode: 69,
      message: expect.stringMatching(
        /^hevc_nvenc does not work on this machine \(Cannot load libcuda.so.1\): take encoder=software/,
      ),
    });
  });

  it('is missing if no ffmpeg has it', () => {
    const old = { ...listing('/old'), encoders: new Set(['libx265']) };
    expect(() => encodingTool({ ffmpeg: old, all: [old] }, 'hevc-videotoolbox')).toThrow(
      expect.objectContaining({ code: 'missing-tool', message: expect.stringMatching(/hevc_videotoolbox.*macOS/) }),
    );
  });

  it.each([
    ['[hevc_qsv @ 0x5] Error initializing an internal MFX session: unsupported (-3)', /^Error initializing an/],
    ['[h264_nvenc @ 0x5] OpenEncodeSessionEx failed: out of memory (10)', /^OpenEncodeSessionEx failed/],
  ])('passes on its own message: %s', (line, reason) => {
    expect(reasonIn(['Stream mapping:', line, 'Conversion failed!'])).toMatch(reason);
  });

  it('is used if doctor finds that it works, and else refused before anything is made', async () => {
    const source = await makeClip({
      file: 'card.mp4',
      args: ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    });
    const trials = await hardwareTrials(await localToolbox(localConfig(), never), never);
    expect(trials.map(({ encoder }) => encoder)).toHaveLength(8);
    const asked = [
      ...['nvenc', 'qsv', 'videotoolbox'].map((encoder) => ({ encoder, codec: 'hevc' })),
      ...['nvenc', 'qsv'].map((encoder) => ({ encoder, codec: 'av1' })),
    ];
    for (const { encoder, codec } of asked) {
      const works = trials.find((trial) => trial.encoder === `${codec}_${encoder}`)?.works;
      const settings = { encoder, codec, evenIfLarger: true };
      const { outcome, events } = await (await testMill()).run(source, 'preserve', settings);
      if (works) {
        expect(outcome).toMatchObject({ status: 'done' });
        continue;
      }
      expect(outcome).toMatchObject({ status: 'failed', code: 'missing-tool' });
      expect(events.filter(({ type }) => type === 'segment.done')).toEqual([]);
    }
  });
});
