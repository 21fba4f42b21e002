import { ServiceError } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import { tesseractLanguage } from './tesseract-language.ts';

/** The tesseract at hand. */
export type OcrTool = { readonly version: string; readonly languages: readonly string[] };

/** Subtitles that are pictures, by ffmpeg's name of their codec. */
const BITMAP = /^(hdmv_pgs_subtitle|dvd_subtitle|dvb_subtitle)$/;

/** What is to be read as text, in which of tesseract's languages, or why it is not. */
export type OcrPlan =
  | { readonly plan: StreamPlan; readonly language: string; readonly sidecar: string }
  | { readonly plan: StreamPlan; readonly language: undefined; readonly why: string };

/** Throws `missing-tool` where a language was asked for by name that cannot be read here. `auto` takes what there is. */
export function refuseMissingOcr({ ocr = 'none' }: Partial<Settings>, tool: OcrTool | undefined): void {
  if (ocr === 'none' || ocr === 'auto') return;
  const lacks = lacking(ocr, tool);
  if (lacks !== undefined) throw new ServiceError('missing-tool', `ocr=${ocr} cannot be done here: ${lacks}`);
}

/** One plan for each subtitle stream of pictures; none where the recipe or the drop wants none. */
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
      const why = tool && language === undefined ? 'it does not say its language; ocr= can' : lacking(language, tool);
      if (language === undefined || why !== undefined) return { plan, language: undefined, why: why ?? '' };
      return { plan, language, sidecar: `stream-${plan.stream.index}.ocr.srt` };
    });
}

/** What tesseract lacks for a language, or for several as in "eng+fra". */
function lacking(language: string | undefined, tool: OcrTool | undefined): string | undefined {
  if (!tool) return 'tesseract is not on this machine: apt-get install tesseract-ocr | brew install tesseract';
  const missing = language?.split('+').find((each) => !tool.languages.includes(each));
  if (missing === undefined) return undefined;
  const there = tool.languages.join(', ') || 'none';
  return `tesseract has no language "${missing}", it has: ${there}; apt-get install tesseract-ocr-${missing.replace('_', '-')}`;
}

/** What was read of one stream of pictures. */
export type OcrReading = {
  readonly pictures: number;
  /** Pictures in which no word was found. */
  readonly unread: number;
  readonly words: number;
  /** Words of little confidence. */
  readonly doubtful: number;
  /** Mean of all words, 0-100. */
  readonly confidence: number;
};
