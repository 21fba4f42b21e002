import { isPcm } from '../film/probe.ts';
import { check } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { toNumber } from '../units.ts';
import type { Evidence } from './evidence.ts';
import { copiedSurvey, outputStartOfPicture, type PlannedPair, pairs } from './planned-pairs.ts';

/**
 * Compares how far sound begins from the picture, in source and output. Copied sound is compared, and sound that becomes Opus if the delay
 * of its source is known.
 */
export function soundStart(evidence: Evidence): Check {
  const { seconds, output, stream: fragmented, beginsAtSeconds = 0 } = evidence;
  const firstOut = outputStartOfPicture(output);
  let worst = 0;
  let passed = true;
  for (const pair of pairs(evidence)) {
    const begins = pair.stream.type === 'audio' ? beginsOf(pair, evidence) : undefined;
    if (!begins) continue;
    const wanted =
      begins.was + (fragmented ? (fragmented.delaySeconds ?? 0) : 0 - beginsAtSeconds) - (seconds.at(0) ?? 0);
    const off = Math.abs(begins.is - firstOut - wanted);
    passed &&= off <= mostShift(pair, evidence);
    worst = Math.max(worst, off);
  }
  return check('sound starts where it did', passed, `at most ${(worst * 1000).toFixed(3)} ms off`);
}

/** When a sound begins: its first packet where it is copied, else its first sample behind the delay. */
function beginsOf(pair: PlannedPair, evidence: Evidence): { readonly was: number; readonly is: number } | undefined {
  const is = pair.is?.firstSeconds;
  const was = copiedSurvey(pair, evidence)?.firstSeconds;
  if (is === undefined || was === undefined) return undefined;
  if (pair.codecArgs?.[0] === 'copy') return { was, is };
  const delay = pair.made?.audio?.delaySeconds;
  const heard = was + (pair.stream.audio?.delaySeconds ?? 0);
  const isKnown = delay !== undefined && keepsItsStart(pair, evidence) && heard >= 0;
  return isKnown ? { was: heard, is: is + delay } : undefined;
}

/** Decoders of lossy sound other than Opus begin where each of them sees fit. Silence can be put before a sound, and edits hide what lies before 0. */
function keepsItsStart({ stream, codecArgs, silenceTo, silentFrom }: StreamPlan, { source, spec }: Evidence): boolean {
  const isTold = isPcm(stream) || WITHOUT_DELAY.has(stream.codec) || stream.audio?.delaySeconds !== undefined;
  const beginsAnew = source.streams.some((survey) => survey.stream === stream.index && survey.beginsAnew);
  const isAltered = silenceTo !== undefined || silentFrom !== undefined || spec.timeFactor !== undefined || beginsAnew;
  return codecArgs?.[0] === 'libopus' && isTold && !isAltered;
}

const WITHOUT_DELAY: ReadonlySet<string> = new Set(['flac', 'alac']);

/** Nobody hears a millisecond, and many movies count their edits in milliseconds. */
const UNHEARD_SECONDS = 0.001;
/** ffprobe rounds each file's start to a microsecond. */
const ROUNDED_SECONDS = 2e-6;

/** Picture and sound are each rounded to half a tick of their clocks, in the source and in the rendition. */
function mostShift({ stream, made }: PlannedPair, { source, mainStream, output }: Evidence): number {
  const picture = source.probe.streams.find(({ index }) => index === mainStream);
  const clocks = [picture?.timeBase, stream.timeBase, output.survey.index.timeBase, made?.timeBase];
  const rounded = clocks.reduce((sum, timeBase) => sum + (timeBase ? toNumber(timeBase) / 2 : 0), ROUNDED_SECONDS);
  return Math.max(UNHEARD_SECONDS, rounded);
}
