import { createReadStream } from 'node:fs';
import process from 'node:process';
import { usage } from '../core/errors.ts';
import { readFailure } from '../core/system-failure.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/** Reads names from a file, or from stdin if it is `-`: one a line, or separated by NUL characters if there are any. */
export async function readListOfFiles(list: string): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of list === '-' ? process.stdin : createReadStream(list)) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > MOST_BYTES) throw usage(`the list ${list} is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
      chunks.push(buffer);
    }
  } catch (error) {
    throw readFailure(error, list);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((name) => name !== '');
}
