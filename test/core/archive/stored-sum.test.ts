import { describe, expect, it } from '@jest/globals';
import { computedVerdict, storedVerdict } from '../../../core/archive/stored-sum.ts';

const file = { key: 'a.mp4', path: 'a.mp4', bytes: 10, sha256: 'aa', crc64nvme: 'S', madeMs: 0 };
const { crc64nvme: _, ...unsummed } = file;
const there = { bytes: 10, modifiedMs: 0, crc64nvme: 'S', archivedIn: undefined };

it.each([
  ['missing', 'nothing', file, undefined],
  ['agrees', 'the sum of the manifest', file, there],
  ['changed', 'another sum', file, { ...there, crc64nvme: 'T' }],
  ['changed', 'another size', file, { ...there, bytes: 11 }],
  ['changed', 'another size where no sum was recorded', unsummed, { ...there, bytes: 11 }],
  ['unsummed', 'no sum', file, { ...there, crc64nvme: undefined }],
  ['unsummed', 'a sum where none was recorded', unsummed, there],
])('says %s of an object with %s, unread', (fixity, __, recorded, stored) => {
  expect(storedVerdict(recorded, stored).fixity).toBe(fixity);
});

describe('of bits that S3 has read', () => {
  it.each([
    ['good', 'S', file, there],
    ['good', 'S', file, { ...there, crc64nvme: undefined }],
    ['corrupt', 'T', file, there],
    ['corrupt', 'T', file, { ...there, crc64nvme: undefined }],
    ['changed', 'T', file, { ...there, crc64nvme: 'T' }],
    ['missing', 'T', file, undefined],
    ['unsummed', 'T', unsummed, there],
    ['agrees', undefined, file, there],
  ])('says %s for the sum %s', (fixity, computed, recorded, stored) => {
    expect(computedVerdict(recorded, computed, stored).fixity).toBe(fixity);
  });
});
