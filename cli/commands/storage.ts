export { reclass, retag } from '../storage/bulk.ts';
export { compareMezzanines } from '../storage/diet.ts';
export { estimateKeeping } from '../storage/estimate.ts';
export { priceJob } from '../storage/job.ts';
export { link } from '../storage/link.ts';
export { priceOptions } from '../storage/options.ts';
export { showPrices } from '../storage/price-list.ts';
export { estimateRestore } from '../storage/restore.ts';
export { estimateTransfer } from '../storage/transfer.ts';
