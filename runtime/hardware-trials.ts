import { HARDWARE_ENCODERS } from '../core/codecs/index.ts';
import { type EncoderTrial, tryEncoder } from '../media/tools/hardware.ts';
import type { Toolbox } from '../media/tools/toolbox.ts';

export type HardwareTrial = { readonly encoder: string; readonly path: string | undefined } & EncoderTrial;

/** Tries every encoder of a graphics card on a few frames. */
export function hardwareTrials(toolbox: Toolbox, signal: AbortSignal): Promise<readonly HardwareTrial[]> {
  return Promise.all(
    HARDWARE_ENCODERS.map(async (encoder): Promise<HardwareTrial> => {
      const path = toolbox.withEncoder(encoder)?.path;
      if (path === undefined) return { encoder, path, works: false, why: 'no ffmpeg here has it' };
      return { encoder, path, ...(await tryEncoder(path, encoder, signal)) };
    }),
  );
}
