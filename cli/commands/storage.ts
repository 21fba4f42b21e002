export { compareMezzanines } from '../storage/diet.ts';
export { estimateKeeping } from '../storage/estimate.ts';
export { priceJob } from '../storage/job.ts';
export { priceOptions } from '../storage/options.ts';
export { showPrices } from '../storage/price-list.ts';
export { estimateRestore } from '../storage/restore.ts';
export { estimateTransfer } from '../storage/transfer.ts';

type Bulk = typeof import('../storage/bulk.ts');
type Link = typeof import('../storage/link.ts');

// What works on a stack brings the SDK of AWS, which what only computes does without.
/** Each command of storage is loaded when it is called, since the AWS SDK takes long to load. */
export const reclass: Bulk['reclass'] = async (options) => (await import('../storage/bulk.ts')).reclass(options);
export const retag: Bulk['retag'] = async (options) => (await import('../storage/bulk.ts')).retag(options);
export const link: Link['link'] = async (path, options) => (await import('../storage/link.ts')).link(path, options);
