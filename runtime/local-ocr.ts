import type { OcrTool } from '../core/subtitles/ocr.ts';
import { askTesseract } from '../media/ocr/tesseract.ts';
import type { Toolbox } from '../media/tools/toolbox.ts';

/** The tesseract of this machine, and what it can read. */
export async function localOcr(
  { tesseract }: Toolbox,
  signal: AbortSignal,
): Promise<(OcrTool & { readonly path: string }) | undefined> {
  const tool = tesseract === undefined ? undefined : await askTesseract(tesseract, signal);
  return tool && tesseract !== undefined ? { ...tool, path: tesseract } : undefined;
}
