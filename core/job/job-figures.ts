import type { JobFigures } from './job.ts';
import { filesOf, type Manifest } from './manifest.ts';

/** Whether what was made are rungs that are streamed beside the source, so that nothing is saved. */
export const isStreamed = ({ renditions }: Pick<Manifest, 'renditions'>): boolean =>
  renditions.length > 0 && renditions.every(({ frameRate }) => frameRate !== undefined);

/** What a job came to. The bytes of all files count, since all are kept. */
export const figuresOf = (manifest: Manifest): JobFigures => ({
  bytesBefore: manifest.source.bytes,
  bytesAfter: filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0),
  usd: manifest.cost.estimatedUsd,
  ...(isStreamed(manifest) && { isSet: true }),
});
