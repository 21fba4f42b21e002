import type { OcrTool } from '../core/subtitles/ocr.ts';
import { askTesseract } from '../media/ocr/tesseract.ts';
import type { Toolbox } from '../media/tools/toolbox.ts';

/** Returns this machine's tesseract with its languages; undefined if it is not installed. */
export async function localOcr(
  { tesseract }: Toolbox,
  signal: AbortSignal,
): Promise<(OcrTool & { readonly path: string }) | undefined> {
  const tool = tesseract === undefined ? undefined : await askTesseract(tesseract, signal);
  return tool && tesseract !== undefined ? { ...tool, path: tesseract } : undefined;
}
