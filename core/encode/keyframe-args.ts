import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecNamed } from '../codecs/index.ts';

/** ffmpeg's arguments that make these frames of a segment keyframes; none where the encoder counts them by itself. */
export function keyframeArgs({ codec }: Pick<EncodeSpec, 'codec'>, keyframes: readonly number[] | undefined): string[] {
  if (!keyframes || codecNamed(codec).countsKeyframes) return [];
  const terms = runsOf(keyframes).map(({ from, to }) => (from === to ? `eq(n,${from})` : `between(n,${from},${to})`));
  return ['-force_key_frames', `expr:${terms.join('+')}`, ...instant(codec)];
}

/** Makes a forced keyframe one at which decoding can begin: encoders have this option under different names. */
function instant(codec: EncodeSpec['codec']): readonly string[] {
  if (codec.endsWith('-qsv')) return ['-forced_idr', '1'];
  return /^x26[45]$|-nvenc$/.test(codec) ? ['-forced-idr', '1'] : [];
}

/** Neighbouring frames are one run: of slides every picture is a keyframe. */
function runsOf(frames: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last && frame === last.to + 1) last.to = frame;
    else runs.push({ from: frame, to: frame });
  }
  return runs;
}
