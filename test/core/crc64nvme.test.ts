import { Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc64nvme, crc64nvmeOf } from '../../core/crc64nvme.ts';

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

describe('the CRC64NVME', () => {
  // The check value in the catalogue of CRCs, and the vectors of the NVM Express command set specification.
  it.each([
    ['nothing', Buffer.alloc(0), '0000000000000000'],
    ['123456789', Buffer.from('123456789'), 'ae8b14860a799888'],
    ['4 KiB of zeros', Buffer.alloc(4096), '6482d367eb22b64e'],
    ['4 KiB of ones', Buffer.alloc(4096, 0xff), 'c0ddba7302eca3ac'],
  ])('of %s is as it was published', (_, bytes, sum) => {
    expect(hex(crc64nvmeOf(bytes))).toBe(sum);
  });

  it("is Amazon's for any bytes, in whatever pieces they come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), async (pieces) => {
        const ours = crc64nvme();
        const theirs = new Crc64NvmeJs();
        for (const piece of pieces) {
          ours.update(piece);
          theirs.update(piece);
        }
        expect(ours.digest()).toBe(Buffer.from(await theirs.digest()).toString('base64'));
      }),
    );
  });
});
