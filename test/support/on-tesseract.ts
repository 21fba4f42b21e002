import { describe, it } from '@jest/globals';
import { isOnPath } from './is-on-path.ts';

/** Tests that need tesseract with English. On CI its absence fails; elsewhere it is said. */
export async function describeOnTesseract(what: string, define: () => void): Promise<void> {
  if (await isOnPath('tesseract')) return describe(what, define);
  const why = `tesseract is not on the PATH, so that this is not tested: ${what}; install it with: apt-get install tesseract-ocr`;
  if (process.env.CI === 'true') describe(what, () => it('has tesseract', () => Promise.reject(new Error(why))));
  else console.warn(why);
}
