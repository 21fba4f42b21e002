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
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new ServiceError('bad-input', `the price file ${path} has ${size} bytes; 4 MB are the most`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readFailure(error, path);
  }
}

/** Writes a chart whole or not at all. Throws `cannot-write` and `disk-full`. */
export async function writeChart(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, (temporary) => writeFile(temporary, text));
  } catch (error) {
    throw writeFailure(error, path);
  }
}
