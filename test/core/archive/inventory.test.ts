import { describe, expect, it } from '@jest/globals';
import { inventoryFrom, inventoryKey } from '../../../core/archive/inventory.ts';

/** The example of the S3 User Guide, "Amazon S3 Inventory list". */
const EXAMPLE = {
  sourceBucket: 'example-source-bucket',
  destinationBucket: 'arn:aws:s3:::example-inventory-destination-bucket',
  version: '2016-11-30',
  creationTimestamp: '1514944800000',
  fileFormat: 'CSV',
  fileSchema: 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass',
  files: [
    {
      key: 'Inventory/example-source-bucket/2016-11-06T21-32Z/files/939c6d46-85a9-4ba8-87bd-9db705a579ce.csv.gz',
      size: 2147483647,
      MD5checksum: 'f11166069f1990abeb9c97ace9cdfabc',
    },
  ],
};

describe('the manifest of an inventory', () => {
  it('tells its bucket, its lists and the fields of their rows', () => {
    const { bucket, lists, fields } = inventoryFrom(JSON.stringify(EXAMPLE), 'm');
    expect({ bucket, lists }).toEqual({
      bucket: 'example-source-bucket',
      lists: [
        {
          bucket: 'example-inventory-destination-bucket',
          key: EXAMPLE.files[0]?.key,
          md5: 'f11166069f1990abeb9c97ace9cdfabc',
        },
      ],
    });
    expect(fields.slice(0, 3)).toEqual(['Bucket', 'Key', 'VersionId']);
  });

  it.each([
    ['no JSON', 'x', 'm is not the manifest.json of an S3 Inventory'],
    ['a manifest of ours', '{"version":2,"job":"a"}', 'm is not the manifest.json of an S3 Inventory'],
    [
      'an inventory as ORC',
      JSON.stringify({ ...EXAMPLE, fileFormat: 'ORC' }),
      'm is an inventory as ORC; configure the inventory as CSV',
    ],
    [
      'an inventory without keys',
      JSON.stringify({ ...EXAMPLE, fileSchema: 'Bucket, Size' }),
      'm has no field Key in its fileSchema',
    ],
  ])('is refused where it is %s', (_, text, message) => {
    expect(() => inventoryFrom(text, 'm')).toThrow(message);
  });

  const fields = ['Bucket', 'Key', 'VersionId', 'IsLatest', 'IsDeleteMarker'];
  it.each([
    [
      'output/a+b%2Bc/manifest.json',
      ['b', 'output/a+b%2Bc/manifest.json', '', 'true', 'false'],
      'output/a b+c/manifest.json',
    ],
    ['an older version', ['b', 'a', 'v', 'false', 'false'], undefined],
    ['a deleted object', ['b', 'a', 'v', 'true', 'true'], undefined],
    ['a key that is not encoded', ['b', '100%', '', 'true', 'false'], undefined],
    ['a short row', ['b'], undefined],
  ])('gives of %s its key', (_, row, key) => expect(inventoryKey(row, fields)).toBe(key));
});
