import { filesOf, type Manifest } from '../job/manifest.ts';

/** Returns the bytes of all files that were published for one source. */
export const publishedBytes = (manifest: Manifest) => filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
