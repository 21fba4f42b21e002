import { rm } from 'node:fs/promises';

/** With a tenth of a second more between any two, they take 5 s. */
const TRIES = 10;

/**
 * Removes a folder and all in it, if it is there. A program that a killed process had started may make files in it until it is
 * ended too, so that it is not empty when its turn comes: then it is emptied again.
 */
export const removeFolder = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: TRIES });
