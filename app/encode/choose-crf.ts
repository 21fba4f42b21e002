import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import type { Quality } from '../../core/job/manifest.ts';
import { type CorrectionOutcome, correct } from '../../core/quality/crf-correction.ts';
import type { CrfTrial } from '../../core/quality/crf-curve.ts';
import { nextTrial, rangeOf, type Target } from '../../core/quality/crf-search.ts';
import { type Metric, scoreDigits, withoutVmaf } from '../../core/quality/metric.ts';
import { framesIn, SEARCH_SAMPLING, sampleWindows } from '../../core/quality/sample.ts';
import { targetFor } from '../../core/quality/target.ts';
import { contentKeys } from '../../core/segments/segments.ts';
import { progressMeter } from '../progress-meter.ts';
import { draftOf } from './draft.ts';
import { encodePieces } from './encode-segments.ts';
import { keyContext } from './key-context.ts';
import { scorePieces } from './score-pieces.ts';
import type { Draft, RenditionWork } from './work.ts';

/** A search for the CRF of a quality target: its first value, and the next one after a whole file was measured. */
type CrfChoice = {
  readonly crf: number;
  /** The score that the samples predict for the whole file. */
  readonly projected: number;
  /** Returns the CRF of the next encode; undefined if this file is accepted, which `verdict` then explains. */
  next(measured: Quality): number | undefined;
  verdict(): string | undefined;
};

/** Searches the CRF for the `vmaf` setting by encoding samples; undefined if no quality was requested. */
export async function chooseCrf(rendition: RenditionSpec, work: RenditionWork): Promise<CrfChoice | undefined> {
  const { vmaf, lossless } = work.settings;
  if (vmaf === undefined || lossless) return undefined;
  const { spec } = draftOf(rendition, work, work.settings);
  const metric = await work.ports.measurer.qualityMetric(spec, work.source.probe);
  const target = targetFor(metric, vmaf, rendition.codec === 'svt-av1');
  const trials: CrfTrial[] = [];
  const rounds: CrfTrial[] = [];
  const first = await search({ rendition, work, target, trials, metric });
  let outcome: { readonly outcome: CorrectionOutcome; readonly trial: CrfTrial } | undefined;
  let crf = first.crf;
  const told = { rendition: rendition.name, metric, work };
  tellChosen(told, crf);
  return {
    ...first,
    next(measured) {
      rounds.push({ crf, score: measured.mean });
      tellTried(told, { crf, score: measured.mean }, 'whole');
      const step = correct(rounds, trials, target);
      if (step.do === 'accept') outcome = { outcome: step.outcome, trial: step };
      else {
        crf = step.crf;
        tellChosen(told, crf);
      }
      return step.do === 'accept' ? undefined : crf;
    },
    verdict: () => (outcome ? verdictOf(outcome, { metric, target, vmaf, whyNot: withoutVmaf(spec.size) }) : undefined),
  };
}

/** Returns the settings with a CRF on the scale of the rendition's own codec, which need not be the one that was asked for. */
export const withCrf = (
  rendition: RenditionSpec,
  settings: RenditionWork['settings'],
  crf: number,
): typeof settings => ({
  ...settings,
  crf,
  ...(settings.codec !== undefined && { codec: rendition.codec === 'svt-av1' ? 'av1' : 'hevc' }),
});

type Search = {
  readonly rendition: RenditionSpec;
  readonly work: RenditionWork;
  readonly target: Target;
  readonly trials: CrfTrial[];
  readonly metric: Metric;
};

/** Searches by samples. */
async function search({
  rendition,
  work,
  target,
  trials,
  metric,
}: Search): Promise<{ crf: number; projected: number }> {
  const frames = work.source.cut.times.length;
  const share = framesIn(sampleWindows(frames, SEARCH_SAMPLING)) / Math.max(1, frames);
  for (;;) {
    const step = nextTrial(trials, target, share);
    if (step.do === 'accept') return { crf: step.crf, projected: step.score };
    const draft = draftOf(rendition, work, withCrf(rendition, work.settings, step.crf));
    const trial = { crf: step.crf, score: await work.watch.time('encode', () => tryOn(draft, work)) };
    trials.push(trial);
    tellTried({ rendition: rendition.name, metric, work }, trial, 'samples');
  }
}

type Told = { readonly rendition: string; readonly metric: Metric; readonly work: RenditionWork };

const tellTried = ({ rendition, metric, work }: Told, trial: CrfTrial, over: 'samples' | 'whole') =>
  work.tracking.emit({ type: 'quality.tried', job: work.request.id, rendition, ...trial, metric, over });

const tellChosen = ({ rendition, work }: Told, crf: number) =>
  work.tracking.emit({ type: 'quality.chosen', job: work.request.id, rendition, crf });

/** Returns the mean score of all sampled frames. Their pieces are cached, so that an interrupted search continues. */
async function tryOn(draft: Draft, work: RenditionWork): Promise<number> {
  const { source, rendition } = draft;
  const windows = sampleWindows(source.cut.times.length, SEARCH_SAMPLING);
  const ranges = windows.map(({ startFrame, frames }) => ({ start: startFrame, end: startFrame + frames }));
  const segments = contentKeys(source.index, { ...source.cut, ranges }, keyContext(draft));
  const frames = framesIn(windows);
  const framesPerSecond = source.cut.times.length / (source.probe.durationSeconds || 1);
  const plan = { phase: 'quality' as const, rendition: rendition.name, total: 2 * frames, framesPerSecond };
  const meter = progressMeter(work.request.id, plan, work.ports.clock, work.tracking.emit);
  await encodePieces(segments, draft, work, meter);
  const scores = await scorePieces(segments, windows, draft, work);
  meter.ended('measured', frames);
  return windows.reduce((sum, window, i) => sum + window.frames * (scores[i] ?? 0), 0) / frames;
}

/** What was asked for, by which metric it is judged, and why not by VMAF. */
type JudgedBy = { readonly metric: Metric; readonly target: Target; readonly vmaf: number; readonly whyNot: string };

function verdictOf(
  { outcome, trial }: { readonly outcome: CorrectionOutcome; readonly trial: CrfTrial },
  { metric, target, vmaf, whyNot }: JudgedBy,
): string | undefined {
  const reached = `${metric} ${scoreDigits(metric, trial.score)} at CRF ${trial.crf}`;
  const instead = metric === 'vmaf' ? '' : ` (${whyNot}: ${metric} ${target.score.toFixed(4)} stands for it)`;
  const { lowest, highest } = rangeOf(target);
  switch (outcome) {
    case 'met':
      return instead === '' ? undefined : `the target, VMAF ${vmaf}, is met${instead}: ${reached}`;
    case 'out-of-reach':
      return `VMAF ${vmaf} is out of reach within CRF ${lowest}-${highest}${instead}: ${reached}`;
    case 'exceeded':
      return `even CRF ${highest} gives more than VMAF ${vmaf}${instead}: ${reached}`;
    case 'closest':
      return trial.score < target.score
        ? `VMAF ${vmaf} is not quite reached${instead} by any whole film that was tried; the nearest has ${reached}`
        : `the film has more than VMAF ${vmaf}${instead}, since no CRF that was tried comes nearer without falling below it: ${reached}`;
    default:
      return outcome satisfies never;
  }
}
