import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import { encoderArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { encodedBy } from '../core/recipes/hardware-choice.ts';
import { ladder } from '../core/recipes/ladder.ts';
import { makerOf } from '../core/settings/makers.ts';
import { localConfig } from '../runtime/config.ts';
import { type HardwareTrial, hardwareTrials } from '../runtime/hardware-trials.ts';
import { localToolbox } from '../runtime/local-ports.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import type { Measurement, Options, ResultRow } from './measurement.ts';
import { cacheFolder, mustRun } from './run.ts';
import { vmafOf } from './vmaf.ts';

/** Compares the encoders of graphics cards with x265 and x264, where there are cards. */
export const hardware: Measurement = {
  name: 'hardware',
  about:
    'Each encoder of a graphics card that `doctor` finds working, against x265 (x264 baseline, SVT-AV1) medium at the ladder\'s CRF on 1080p30, at the quality number (found by bisection) that reaches the same VMAF: speed and bytes as ratios. The seed says "5-47x faster".',
  async measure(options) {
    const signal = new AbortController().signal;
    const trials = await hardwareTrials(await localToolbox(localConfig(), signal), signal);
    const rows: ResultRow[] = [];
    for (const trial of trials) {
      rows.push(
        trial.works
          ? await measureOne(trial, options)
          : { what: trial.encoder, goal: '5-47 times (seed)', found: `not run: ${trial.why}` },
      );
    }
    return rows;
  },
};

type EncodeResult = { readonly seconds: number; readonly bytes: number; readonly vmaf: number };

async function measureOne(trial: HardwareTrial, options: Options): Promise<ResultRow> {
  const source = await minuteOf1080p(options);
  const frames = options.quick ? 10 : 600;
  const [uhd, , hd] = ladder.renditions;
  const isAv1 = trial.encoder.startsWith('av1');
  const rung = isAv1 ? ({ ...uhd, codec: 'svt-av1' } as const) : trial.encoder.startsWith('hevc') ? uhd : hd;
  const software = await make('ffmpeg', specOf(rung), source, frames);
  const ffmpeg = trial.path ?? 'ffmpeg';
  const by = encodedBy(rung, { encoder: makerOf(trial.encoder) ?? 'software' });
  let [low, high] = [10, 45];
  let card = await make(ffmpeg, specOf(by, low), source, frames);
  for (let round = 0; round < 6; round++) {
    const middle = (low + high) / 2;
    const found = await make(ffmpeg, specOf(by, middle), source, frames);
    if (found.vmaf < software.vmaf) high = middle;
    else [low, card] = [middle, found];
  }
  const [faster, larger] = [software.seconds / card.seconds, card.bytes / software.bytes];
  return {
    what: `${trial.encoder}, quality ${low.toFixed(1)}, VMAF ${card.vmaf.toFixed(2)} against ${software.vmaf.toFixed(2)}`,
    goal: '5-47 times (seed)',
    found: `${faster.toFixed(1)} times as fast, ${larger.toFixed(2)} of the bytes`,
    met: faster >= 5,
  };
}

const specOf = (rendition: RenditionSpec, crf?: number): EncodeSpec =>
  encodeSpecFor({
    rendition: crf === undefined ? rendition : { ...rendition, crf },
    settings: ladder.defaults,
    video: PLAIN_1080P,
    frameRate: { num: 30, den: 1 },
    tools: {},
  }).spec;

async function make(ffmpeg: string, spec: EncodeSpec, source: string, frames: number): Promise<EncodeResult> {
  const output = join(await cacheFolder(), 'hardware.nut');
  const filters = spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : [];
  const input = ['-v', 'error', '-nostdin', '-y', '-i', source, '-an', '-frames:v', `${frames}`];
  const { seconds } = await mustRun(ffmpeg, [...input, ...filters, ...encoderArgs(spec), '-f', 'nut', output]);
  const { mean } = await vmafOf(output, source, spec.size, frames);
  return { seconds, bytes: (await stat(output)).size, vmaf: mean };
}
