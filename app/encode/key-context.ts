import { codecNamed } from '../../core/codecs/index.ts';
import { specInKeys } from '../../core/codecs/names-in-keys.ts';
import { contextOf } from '../../core/encode/context.ts';
import { rangesBetweenKeyframes } from '../../core/segments/keyframes.ts';
import { contentKeys, type KeyContext, type Segment } from '../../core/segments/segments.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { Draft } from './work.ts';

type Keyed = {
  readonly source: Pick<SourceFacts, 'index' | 'main' | 'cut'> & Partial<Pick<SourceFacts, 'probe'>>;
  readonly spec: Draft['spec'];
};

/** Returns what the keys of a draft's pieces are made of, besides its pictures. */
export function keyContext({ source, spec }: Keyed): KeyContext {
  const { index, main, cut, probe } = source;
  const { statedFields } = main.video;
  return {
    spec: {
      ...specInKeys(spec),
      extradata: main.extradataHash,
      access: cut.access,
      ...(statedFields !== undefined && { statedFields }),
      ...(probe?.byOneThread && { threads: 1 }),
    },
    independent: index.from === 'frames' || INTRA_ONLY.has(main.codec),
    margin: spec.margin,
    context: contextOf(spec),
    ...(spec.interlacedParts && { parts: spec.interlacedParts }),
    ...(spec.shapedParts && { shaped: spec.shapedParts }),
    keyframes: keyframeDistance(spec),
  };
}

function keyframeDistance(spec: Draft['spec']): KeyContext['keyframes'] {
  const frames = 'keyframeEvery' in spec ? spec.keyframeEvery : undefined;
  const rate = parseRational(spec.frameRate);
  return frames === undefined || !rate ? undefined : { frames, seconds: frames / toNumber(rate) };
}

/** Each segment of a codec that only counts keyframes has one where it begins, and none that are named. */
export function segmentsOf(source: SourceFacts, spec: Draft['spec']): readonly Segment[] {
  const context = keyContext({ source, spec });
  const segments = contentKeys(source.index, source.cut, context);
  if (!codecNamed(spec.codec).countsKeyframes || segments.every(({ keyframes }) => !keyframes)) return segments;
  return contentKeys(source.index, { ...source.cut, ranges: rangesBetweenKeyframes(segments) }, context);
}

/** Codecs whose packets all decode alone, whatever the container says about keyframes. */
const INTRA_ONLY = new Set(
  'prores dnxhd mjpeg hap dxv huffyuv ffvhuff utvideo v210 v308 v408 v410 r210 rawvideo png jpeg2000 dvvideo cfhd magicyuv qtrle_i bmp tiff'.split(
    ' ',
  ),
);
