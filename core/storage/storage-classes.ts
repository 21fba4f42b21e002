import type { PriceName } from './list-prices.ts';
import { FREQUENT_BANDS, flat, STANDARD_BANDS, type VolumeBand } from './volume-price.ts';

/** One way to get an archived object back: its price, and after how many hours it is there (from 0: no earliest is documented). */
export type RestoreTier = {
  readonly tier: 'expedited' | 'standard' | 'bulk';
  readonly gb: PriceName;
  readonly request: PriceName;
  readonly hours: { readonly from: number; readonly to: number };
};

/** A class of S3, or a tier of Intelligent-Tiering. */
export type StorageClass = {
  readonly title: string;
  readonly gbMonth: readonly VolumeBand[];
  readonly put: PriceName;
  readonly get: PriceName;
  /** Paid for each GB that is read, where reading is possible at once. */
  readonly readGb?: PriceName;
  /** Smaller objects are charged as if they had this many bytes. */
  readonly leastBytes: number;
  /** Objects that go earlier are charged for this long. */
  readonly leastDays: number;
  /** Whether S3 watches each object of `SMALLEST_TIERED_BYTES` or more, for a fee. */
  readonly isMonitored: boolean;
  /** An archived object is restored before it is read; each has an index entry and a name that are charged. */
  readonly restore?: readonly RestoreTier[];
};

/** Intelligent-Tiering and lifecycle rules leave smaller objects where they are; S3 Standard-IA charges them as this large. */
export const SMALLEST_TIERED_BYTES = 128 * 1024;
/** What an archived object takes besides itself: its index at its own price, and its name at that of S3 Standard. */
export const ARCHIVED_INDEX_BYTES = 32 * 1024;
export const ARCHIVED_NAME_BYTES = 8 * 1024;

const MINUTES = { from: 1 / 60, to: 5 / 60 };

/** docs.aws.amazon.com, "Understanding archive retrieval options". */
const FLEXIBLE: readonly RestoreTier[] = [
  { tier: 'expedited', gb: 's3GlacierExpeditedGb', request: 's3GlacierExpeditedRequest', hours: MINUTES },
  { tier: 'standard', gb: 's3GlacierStandardGb', request: 's3GlacierStandardRequest', hours: { from: 3, to: 5 } },
  { tier: 'bulk', gb: 's3GlacierBulkGb', request: 's3GlacierBulkRequest', hours: { from: 5, to: 12 } },
];
const DEEP: readonly RestoreTier[] = [
  {
    tier: 'standard',
    gb: 's3DeepArchiveStandardGb',
    request: 's3DeepArchiveStandardRequest',
    hours: { from: 0, to: 12 },
  },
  { tier: 'bulk', gb: 's3DeepArchiveBulkGb', request: 's3DeepArchiveBulkRequest', hours: { from: 0, to: 48 } },
];
const TIERED_STANDARD = { tier: 'standard', gb: 's3ItStandardGb', request: 's3ItStandardRequest' } as const;
const TIERED_BULK = { tier: 'bulk', gb: 's3ItBulkGb', request: 's3ItBulkRequest' } as const;
const TIERED_ARCHIVE: readonly RestoreTier[] = [
  { tier: 'expedited', gb: 's3ItExpeditedGb', request: 's3ItExpeditedRequest', hours: MINUTES },
  { ...TIERED_STANDARD, hours: { from: 3, to: 5 } },
  { ...TIERED_BULK, hours: { from: 5, to: 12 } },
];
const TIERED_DEEP: readonly RestoreTier[] = [
  { ...TIERED_STANDARD, hours: { from: 0, to: 12 } },
  { ...TIERED_BULK, hours: { from: 0, to: 48 } },
];

const PLAIN = { put: 's3Put', get: 's3Get', leastBytes: 0, leastDays: 0, isMonitored: false } as const;
const TIERED = { ...PLAIN, isMonitored: true } as const;

/** Every class and tier, by the name that the command takes. */
const STORAGE_CLASSES = {
  standard: { ...PLAIN, title: 'S3 Standard', gbMonth: STANDARD_BANDS },
  'standard-ia': {
    title: 'S3 Standard-IA',
    gbMonth: flat('s3StandardIaGbMonth'),
    ...{ put: 's3StandardIaPut', get: 's3StandardIaGet', readGb: 's3StandardIaRetrievalGb' },
    ...{ leastBytes: SMALLEST_TIERED_BYTES, leastDays: 30, isMonitored: false },
  },
  'onezone-ia': {
    title: 'S3 One Zone-IA',
    gbMonth: flat('s3OneZoneIaGbMonth'),
    ...{ put: 's3OneZoneIaPut', get: 's3OneZoneIaGet', readGb: 's3OneZoneIaRetrievalGb' },
    ...{ leastBytes: SMALLEST_TIERED_BYTES, leastDays: 30, isMonitored: false },
  },
  'glacier-ir': {
    title: 'Glacier Instant Retrieval',
    gbMonth: flat('s3GlacierIrGbMonth'),
    ...{ put: 's3GlacierIrPut', get: 's3GlacierIrGet', readGb: 's3GlacierIrRetrievalGb' },
    ...{ leastBytes: SMALLEST_TIERED_BYTES, leastDays: 90, isMonitored: false },
  },
  glacier: {
    title: 'Glacier Flexible Retrieval',
    gbMonth: flat('s3GlacierGbMonth'),
    ...{ put: 's3GlacierPut', get: 's3GlacierGet', leastBytes: 0, leastDays: 90, isMonitored: false },
    restore: FLEXIBLE,
  },
  'deep-archive': {
    title: 'Glacier Deep Archive',
    gbMonth: flat('s3DeepArchiveGbMonth'),
    ...{ put: 's3DeepArchivePut', get: 's3DeepArchiveGet', leastBytes: 0, leastDays: 180, isMonitored: false },
    restore: DEEP,
  },
  'it-frequent': { ...TIERED, title: 'Tiering: Frequent', gbMonth: FREQUENT_BANDS },
  'it-infrequent': { ...TIERED, title: 'Tiering: Infrequent', gbMonth: flat('s3ItInfrequentGbMonth') },
  'it-archive-instant': {
    ...{ ...TIERED, title: 'Tiering: Archive Instant' },
    gbMonth: flat('s3ItArchiveInstantGbMonth'),
  },
  'it-archive': {
    ...{ ...TIERED, title: 'Tiering: Archive', restore: TIERED_ARCHIVE },
    gbMonth: flat('s3ItArchiveGbMonth'),
  },
  'it-deep-archive': {
    ...{ ...TIERED, title: 'Tiering: Deep Archive', restore: TIERED_DEEP },
    gbMonth: flat('s3ItDeepArchiveGbMonth'),
  },
} as const satisfies Record<string, StorageClass>;

export type ClassName = keyof typeof STORAGE_CLASSES;
/** Whether this is S3's name of a storage class. */
export const isClassName = (name: string): name is ClassName => Object.hasOwn(STORAGE_CLASSES, name);

export const CLASS_NAMES: readonly ClassName[] = Object.keys(STORAGE_CLASSES).filter(isClassName);

/** The classes that a copy of a file can be written to; only S3 itself moves files between the tiers of Intelligent-Tiering. */
export const COPY_CLASSES: readonly ClassName[] = CLASS_NAMES.filter((name) => !name.startsWith('it-'));

/** Returns the facts of a class in the form that all classes share. */
export const storageClass = (name: ClassName): StorageClass => STORAGE_CLASSES[name];
