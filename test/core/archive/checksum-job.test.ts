import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksumReport, computedSum, objectList } from '../../../core/archive/checksum-job.ts';
import { csvRows } from '../../../core/archive/csv.ts';

const FIELDS = ['Bucket', 'Key', 'VersionId', 'TaskStatus', 'ErrorCode', 'HTTPStatusCode', 'ResultMessage'];

describe('the list of objects of a job', () => {
  it('names every key so that it can be read back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1, unit: 'grapheme' })), async (keys) => {
        const read: (readonly string[])[] = [];
        for await (const row of csvRows(
          (async function* () {
            yield objectList('films', keys);
          })(),
        ))
          read.push(row);
        const sums = read.map(([bucket = '', key = '']) => computedSum([bucket, key], FIELDS)?.key);
        expect(sums).toEqual(keys);
      }),
    );
  });
});

describe('the report of a job', () => {
  // The example of the S3 User Guide, with the message of a job that computes checksums.
  const manifest = {
    Format: 'Report_CSV_20180820',
    ReportCreationDate: '2019-04-05T17:48:39.725Z',
    Results: [
      {
        TaskExecutionStatus: 'succeeded',
        Bucket: 'my-job-reports',
        MD5Checksum: '83b1c4cbe93fc893f54053697e10fd6e',
        Key: 'job-f8fb9d89-a3aa-461d-bddc-ea6a1b131955/results/6217b0fab0de85c408b4be96aeaca9b195a7daa5.csv',
      },
    ],
    ReportSchema: FIELDS.join(', '),
  };

  it('tells where its lists are, and their fields', () => {
    expect(checksumReport(JSON.stringify(manifest))).toEqual({
      fields: FIELDS,
      lists: [{ bucket: 'my-job-reports', key: manifest.Results[0]?.Key }],
    });
  });

  it.each(['', '{}', '{"Format":"Report_CSV_20180820"}', JSON.stringify({ ...manifest, Format: 'other' })])(
    'is refused where it is %j',
    (text) =>
      expect(() => checksumReport(text)).toThrow('the report of the job is not one that S3 Batch Operations writes'),
  );

  const message = (facts: object) =>
    JSON.stringify({
      checksum_base64: 'rosUhgp5mIg=',
      checksumAlgorithm: 'CRC64NVME',
      checksumType: 'FULL_OBJECT',
      ...facts,
    });
  it.each([
    ['a sum', ['films', 'a%20b', '', 'succeeded', '', '200', message({})], { key: 'a b', crc64nvme: 'rosUhgp5mIg=' }],
    [
      'a sum of another kind',
      ['films', 'a', '', 'succeeded', '', '200', message({ checksumAlgorithm: 'CRC32' })],
      { key: 'a', why: 'the job computed no CRC64NVME of it' },
    ],
    [
      'a failure',
      ['films', 'a', '', 'failed', 'AccessDenied', '403', 'denied'],
      { key: 'a', why: 'S3 did not read it: AccessDenied 403 denied' },
    ],
    ['no object', ['films', '%', '', 'succeeded', '', '200', ''], undefined],
    ['nothing', [], undefined],
  ])('reads %s', (_, row, sum) => expect(computedSum(row, FIELDS)).toEqual(sum));
});
