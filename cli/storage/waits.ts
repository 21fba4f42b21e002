import type { RestoreTier } from '../../core/storage/storage-classes.ts';
import { type ClassName, storageClass } from '../../core/storage/storage-classes.ts';

/** A time until files can be read: "1-5 min", "3-5 h", "48 h" where only the latest is known, "at once". */
export function waitText({ from, to }: RestoreTier['hours']): string {
  if (to === 0) return 'at once';
  if (to < 1) return `${Math.round(from * 60)}-${Math.round(to * 60)} min`;
  return from === 0 ? `${to} h` : `${from}-${to} h`;
}

/** When a file of a class can be read by the usual way of restoring. */
export function firstByte(className: ClassName): string {
  const { restore } = storageClass(className);
  const usual = restore?.find(({ tier }) => tier === 'standard');
  return usual ? waitText(usual.hours) : 'at once';
}
