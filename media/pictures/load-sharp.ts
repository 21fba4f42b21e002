import { createRequire } from 'node:module';
import type sharp from 'sharp';

/**
 * Loads the package sharp, and rejects where it is not installed. It is loaded late, since many commands need none; and as a
 * CommonJS package, since node takes 0.12 s of a processor to read it as an ES module, and 0.05 s this way.
 */
export const loadSharp = async (): Promise<typeof sharp> => createRequire(import.meta.url)('sharp');
