import { mkdir, rm, writeFile } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { retimeText } from '../../core/filters/retime-text.ts';
import type { OcrTask } from '../../core/ports/file-maker.ts';
import type { Cue } from '../../core/streams/cue.ts';
import type { OcrReading } from '../../core/subtitles/ocr.ts';
import { DOUBTFUL_BELOW } from '../../core/subtitles/recognised.ts';
import { srt } from '../../core/subtitles/srt.ts';
import { inBatches } from '../nut/frames.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { subtitlePictures } from './subtitle-pictures.ts';
import { readPictures } from './tesseract.ts';

/** The most pictures on the disk at once. */
const BATCH = 50;

/**
 * Reads bitmap subtitles into a SubRip file at the source's times, which are then retimed where the film is. Throws
 * `missing-tool` without tesseract, and `bad-input` where the stream or its pictures cannot be read.
 */
export async function readSubtitles(toolbox: Toolbox, task: OcrTask, signal: AbortSignal): Promise<OcrReading> {
  const { tesseract } = toolbox;
  if (tesseract === undefined) throw new ServiceError('missing-tool', 'tesseract is not installed on this machine');
  const folder = `${task.output}.pictures`;
  const tools = { ffmpeg: toolbox.ffmpeg.path, ffprobe: toolbox.ffprobe };
  await mkdir(folder, { recursive: true });
  try {
    const cues: Cue[] = [];
    const confidences: number[] = [];
    for await (const batch of inBatches(subtitlePictures(tools, task.source, signal), () => BATCH)) {
      const grey = batch.flatMap(({ writing }) => writing ?? []);
      const read = [...(await readPictures(tesseract, grey, { language: task.language, folder, signal }))];
      for (const { startSeconds, endSeconds, writing } of batch) {
        const found = writing && read.shift();
        cues.push({ startSeconds, endSeconds, text: found?.text ?? '' });
        confidences.push(...(found?.confidences ?? []));
      }
    }
    const text = srt(cues);
    await writeFile(task.output, task.timeFactor ? retimeText(text, 'srt', task.timeFactor) : text);
    return {
      pictures: cues.length,
      unread: cues.filter(({ text }) => text === '').length,
      words: confidences.length,
      doubtful: confidences.filter((confidence) => confidence < DOUBTFUL_BELOW).length,
      confidence: confidences.reduce((sum, each) => sum + each, 0) / Math.max(1, confidences.length),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
