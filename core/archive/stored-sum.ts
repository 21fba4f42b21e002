import type { Fixity, RecordedFile } from './fixity.ts';

/** An object as S3 describes it without reading it. */
export type StoredObject = {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** The CRC64NVME of the whole object, in base64; undefined where S3 stores none. */
  readonly crc64nvme: string | undefined;
  /** The storage class, in S3's word, of an object that cannot be read before it is restored. */
  readonly archivedIn: string | undefined;
};

type Verdict = { readonly fixity: Fixity; readonly why?: string };

/** Compares an object with its record by the sum that S3 stores. No bits are read, so that `good` is no answer here. */
export function storedVerdict(recorded: RecordedFile, stored: StoredObject | undefined): Verdict {
  if (!stored) return { fixity: 'missing', why: 'the object is not there any more' };
  if (stored.bytes !== recorded.bytes)
    return {
      fixity: 'changed',
      why: `it has ${stored.bytes} bytes now, and had ${recorded.bytes} when it was published`,
    };
  if (recorded.crc64nvme === undefined)
    return { fixity: 'unsummed', why: 'its manifest records no CRC64NVME: an earlier version published it' };
  if (stored.crc64nvme === undefined) return { fixity: 'unsummed', why: 'S3 stores no CRC64NVME of the whole object' };
  if (stored.crc64nvme === recorded.crc64nvme) return { fixity: 'agrees' };
  const since = new Date(stored.modifiedMs).toISOString();
  return { fixity: 'changed', why: `S3 stores another sum of it: it was replaced at ${since}` };
}

/** Compares an object with its record by the sum of bits that S3 has read, and by the one that it stores. */
export function computedVerdict(
  recorded: RecordedFile,
  computed: string | undefined,
  stored: StoredObject | undefined,
): Verdict {
  const verdict = storedVerdict(recorded, stored);
  const isComparable = computed !== undefined && recorded.crc64nvme !== undefined && verdict.fixity !== 'missing';
  if (!isComparable || verdict.fixity === 'changed') return verdict;
  if (computed === recorded.crc64nvme) return { fixity: 'good' };
  return { fixity: 'corrupt', why: 'S3 read its bits, and they are not the published ones' };
}
