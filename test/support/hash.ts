import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The SHA-256 of bytes or a text, in hexadecimal. */
export const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The SHA-256 of a file, in hexadecimal. */
export const sha256 = async (path: string): Promise<string> => sha256Of(await readFile(path));
