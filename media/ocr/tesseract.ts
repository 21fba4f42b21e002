import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { type GreyImage, pgm } from '../../core/subtitles/ink.ts';
import type { OcrTool } from '../../core/subtitles/ocr.ts';
import { parseTesseractTsv, type RecognisedPicture } from '../../core/subtitles/recognised.ts';
import { ProcessError } from '../process/process-error.ts';
import { runProcess } from '../process/run-process.ts';

/**
 * The version and languages of a tesseract; undefined where the program does not answer as one. Languages may be
 * installed at any time, so the answer must not be kept.
 */
export async function askTesseract(path: string, signal: AbortSignal): Promise<OcrTool | undefined> {
  try {
    const version = /^tesseract v?(\S+)/m.exec((await runProcess(path, ['--version'], { signal })).stdout)?.[1];
    if (!version) return undefined;
    const { stdout } = await runProcess(path, ['--list-langs'], { signal });
    const names = stdout.split('\n').map((line) => line.trim());
    return { version, languages: names.filter((name) => /^\w+$/.test(name) && name !== 'osd') };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

type OcrRequest = { readonly language: string; readonly folder: string; readonly signal: AbortSignal };

/**
 * The text of each picture, read in one process because tesseract takes longer to start than to read. Each picture must
 * show one block of text, dark on white. Throws `bad-input` if tesseract fails.
 */
export async function readPictures(
  tesseract: string,
  pictures: readonly GreyImage[],
  { language, folder, signal }: OcrRequest,
): Promise<readonly RecognisedPicture[]> {
  if (pictures.length === 0) return [];
  const names = pictures.map((_, i) => `${i}.pgm`);
  await Promise.all(pictures.map((picture, i) => writeFile(join(folder, names[i] ?? ''), pgm(picture))));
  await writeFile(join(folder, 'list.txt'), `${names.join('\n')}\n`);
  const block = ['--psm', '6', '--dpi', '300'];
  const args = ['list.txt', 'stdout', '-l', language, ...block, '-c', 'tessedit_create_tsv=1'];
  try {
    // on pictures so small, several threads wait for each other longer than they work
    const { stdout } = await runProcess(tesseract, args, { signal, cwd: folder, env: { OMP_THREAD_LIMIT: '1' } });
    return parseTesseractTsv(stdout, pictures.length);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const why = error.stderrTail.at(-1) ?? `exit code ${error.exitCode}`;
    throw new ServiceError('bad-input', `tesseract could not read the pictures: ${why}`, {}, { cause: error });
  }
}
