import { ServiceError } from '../../core/errors.ts';
import type { StreamFate } from '../../core/job/manifest.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';

import { type OcrReading, ocrPlans } from '../../core/subtitles/ocr.ts';
import { DOUBTFUL_BELOW } from '../../core/subtitles/recognised.ts';
import type { JobWork } from '../encode/work.ts';
import type { ExtraFile } from '../make/extra-file.ts';
import type { SourceFacts } from '../source/read-source.ts';

type ReadText = {
  readonly stream: number;
  readonly file: ExtraFile;
  readonly text: NonNullable<StreamFate['text']>;
};

/**
 * Reads bitmap subtitles as text beside the rendition, if the settings ask for it and tesseract can. A failure does not
 * fail the job.
 */
export async function readBitmapSubtitles(
  plans: readonly StreamPlan[],
  { path, probe }: Pick<SourceFacts, 'path' | 'probe'>,
  { settings, ports: { reader, maker }, folder, tracking: { signal } }: JobWork,
): Promise<{ readonly texts: readonly ReadText[]; readonly warnings: readonly string[] }> {
  const texts: ReadText[] = [];
  const warnings: string[] = [];
  const tool = settings.ocr === undefined || settings.ocr === 'none' ? undefined : await maker.ocrTool(signal);
  for (const ocr of ocrPlans(plans, settings, tool)) {
    const { index } = ocr.plan.stream;
    if (ocr.language === undefined) {
      warnings.push(`the subtitles of stream ${index} are not read as text: ${ocr.why}`);
      continue;
    }
    const { language, sidecar } = ocr;
    const output = `${folder}/${sidecar}`;
    const task = { source: { path, probe, stream: index }, language, output, timeFactor: ocr.plan.timeFactor };
    const read = await attempt(maker.readSubtitles(task, signal));
    if (typeof read === 'string') {
      warnings.push(`the subtitles of stream ${index} are not read as text: ${read}`);
      continue;
    }
    const file = { path: sidecar, file: output, ...(await reader.fileInfo(output, signal)) };
    texts.push({ stream: index, file, text: { sidecar, language, ...read, confidence: round(read.confidence) } });
    if (read.doubtful > 0 || read.unread > 0) warnings.push(doubt(index, sidecar, read));
  }
  return { texts, warnings };
}

const attempt = (reading: Promise<OcrReading>) =>
  reading.catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === 'bad-input') return error.message;
    throw error;
  });

const round = (value: number) => Math.round(value * 10) / 10;

const doubt = (index: number, sidecar: string, { words, doubtful, pictures, unread }: OcrReading) =>
  `the subtitles of stream ${index} were read as text, and tesseract is less than ${DOUBTFUL_BELOW} % sure of ${doubtful} of ${words} words, and found none in ${unread} of ${pictures} pictures: look at ${sidecar}`;
