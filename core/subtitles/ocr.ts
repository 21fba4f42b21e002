import { ServiceError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { sidecarName } from '../streams/track-marks.ts';
import { tesseractLanguage } from './tesseract-language.ts';

/** The installed tesseract. */
export type OcrTool = { readonly version: string; readonly languages: readonly string[] };

/** ffmpeg's names of the codecs of bitmap subtitles. */
const BITMAP = /^(hdmv_pgs_subtitle|dvd_subtitle|dvb_subtitle)$/;

/** The plan for one stream of bitmap subtitles: the tesseract language to read it in, or why it is not read. */
type OcrPlan =
  | { readonly plan: StreamPlan; readonly language: string; readonly sidecar: string }
  | { readonly plan: StreamPlan; readonly language: undefined; readonly why: string };

/**
 * Throws `missing-tool` where settings name a language that cannot be read on this machine; `auto` reads what it can.
 */
export function refuseMissingOcr({ ocr = 'none' }: Partial<Settings>, tool: OcrTool | undefined): void {
  if (ocr === 'none' || ocr === 'auto') return;
  const lacks = lacking(ocr, tool);
  if (lacks !== undefined) throw new ServiceError('missing-tool', `ocr=${ocr} cannot be done here: ${lacks}`);
}

/** The plans for all streams of bitmap subtitles; empty with `ocr=none`. */
export function ocrPlans(
  plans: readonly StreamPlan[],
  { ocr = 'none' }: Partial<Settings>,
  tool: OcrTool | undefined,
): readonly OcrPlan[] {
  if (ocr === 'none') return [];
  return plans
    .filter(({ stream }) => stream.type === 'subtitle' && BITMAP.test(stream.codec))
    .map((plan) => {
      const language = ocr === 'auto' ? tesseractLanguage(plan.stream.tags.language) : ocr;
      const why =
        tool && language === undefined
          ? 'it has no language tag; name the language with ocr='
          : lacking(language, tool);
      if (language === undefined || why !== undefined) return { plan, language: undefined, why: why ?? '' };
      return { plan, language, sidecar: sidecarName(plan.stream, 'ocr.srt') };
    });
}

/** What is missing to read a language, or several as in "eng+fra"; undefined where nothing is. */
function lacking(language: string | undefined, tool: OcrTool | undefined): string | undefined {
  if (!tool) return 'tesseract is not installed: apt-get install tesseract-ocr | brew install tesseract';
  const missing = language?.split('+').find((each) => !tool.languages.includes(each));
  if (missing === undefined) return undefined;
  const there = tool.languages.join(', ') || 'none';
  return `tesseract has no language "${missing}"; it has: ${there}; apt-get install tesseract-ocr-${missing.replace('_', '-')}`;
}

/** The result of reading one stream of bitmap subtitles. */
export type OcrReading = {
  readonly pictures: number;
  /** Pictures in which no word was found. */
  readonly unread: number;
  readonly words: number;
  /** Words with a confidence below `DOUBTFUL_BELOW`. */
  readonly doubtful: number;
  /** The mean confidence of all words, 0-100. */
  readonly confidence: number;
};
