import { readFile, stat, writeFile } from 'node:fs/promises';
import { replaceFile } from '../adapters/local/replace-file.ts';
import { ServiceError } from '../core/errors.ts';
import { readFailure, writeFailure } from '../core/system-failure.ts';

const MOST_BYTES = 4e6;

/** Reads a price list, unparsed. Throws `no-input`, and `bad-input` for what is not JSON or far too large. */
export async function readPriceFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('bad-input', `the price file ${path} is not JSON`, {}, { cause });
  }
}

async function readText(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory()) throw badPriceFile(`${path} is no file that can be read to its end`);
    if (found.size > MOST_BYTES)
      throw badPriceFile(`the price file ${path} has ${found.size} bytes; 4 MB are the most`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
}

const badPriceFile = (message: string) => new ServiceError('bad-input', message);

/** Writes a chart whole or not at all. Throws `cannot-write` and `disk-full`. */
export async function writeChart(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, (temporary) => writeFile(temporary, text));
  } catch (error) {
    throw writeFailure(error, path);
  }
}
