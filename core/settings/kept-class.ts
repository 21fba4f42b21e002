import type { Settings } from './settings.ts';

type KeptClass = 'STANDARD' | 'STANDARD_IA' | 'GLACIER_IR' | 'DEEP_ARCHIVE';

/** Returns the storage class of S3 in which the source is kept; undefined if it is not kept. */
export function keptClass({ keepSource = 'no' }: Pick<Partial<Settings>, 'keepSource'>): KeptClass | undefined {
  if (keepSource === 'no') return undefined;
  return keepSource === 'yes' ? 'STANDARD' : keepSource;
}
